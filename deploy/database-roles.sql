-- Two accounts of PostgreSQL: krams_owner owns the tables and migrates, krams is what the portal
-- serves with. It reads and writes rows, and can change no table, switch off no trigger (those that
-- keep the audit log and editions as they are) and take no table's rows away at once.
-- docs/security.md, "Accounts of the database", says when to run it and what needs krams_owner:
--
--   psql --dbname=krams --set=ON_ERROR_STOP=1 --single-transaction --file=deploy/database-roles.sql
--
-- It can be run again. tests/test_database_roles.py does all that the portal does with it.
DO $roles$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'krams_owner') THEN
    CREATE ROLE krams_owner LOGIN;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'krams') THEN
    CREATE ROLE krams LOGIN;
  END IF;
END $roles$;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
REVOKE CREATE ON SCHEMA public FROM krams;
GRANT USAGE, CREATE ON SCHEMA public TO krams_owner;
GRANT USAGE ON SCHEMA public TO krams;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO krams;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO krams;
-- What later migrations make.
ALTER DEFAULT PRIVILEGES FOR ROLE krams_owner IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO krams;
ALTER DEFAULT PRIVILEGES FOR ROLE krams_owner IN SCHEMA public
  GRANT USAGE, SELECT ON SEQUENCES TO krams;
-- Which migrations there are is for whoever makes them to say. An empty database has no such table.
DO $migrations$
BEGIN
  IF to_regclass('public.django_migrations') IS NOT NULL THEN
    REVOKE INSERT, UPDATE, DELETE ON public.django_migrations FROM krams;
  END IF;
END $migrations$;
