"""A person stops a run of many texts: nothing of it is claimed once this commits."""

from services.notifications.domain.commands import StopTextRun
from services.notifications.domain.runs import TextRun
from services.notifications.operations.ports import Unit
from shared.clock import Clock
from shared.errors import NotFound


def stop_text_run(command: StopTextRun, uow: Unit, clock: Clock) -> TextRun:
    """What of it is due is skipped when its turn comes, as `run-stopped`. Raises NotFound for another site's run."""
    with uow:
        run = uow.runs.lock(command.run_id)
        if run is None:
            raise NotFound
        uow.asker.require_site(run.site_id)
        stopped = run.stop(uow.asker.principal, clock.now())
        uow.runs.keep_stopped(stopped)
        uow.audit("stop_text_run", "text-run", run.run_id, site_id=run.site_id)
        return uow.commit(stopped)
