# Thin aliases: the commands themselves are in cli/.
.PHONY: fmt lint types arch test
fmt:
	.venv/bin/ruff format . && .venv/bin/ruff check --fix .
lint:
	./frontdesk check lint
types:
	./frontdesk check types
arch:
	./frontdesk check arch
test:
	./frontdesk test
