-- What takes time is deleted and written anew, never updated: nobody needs the right, and the trigger for it never fired.

DROP TRIGGER bookings_note_moved_time ON bookings;
DO $$
BEGIN
    EXECUTE format('REVOKE UPDATE ON bookings FROM %I', frontdesk_role('app'));
END $$;
