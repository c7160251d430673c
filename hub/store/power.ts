import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { Invalid } from '../../protocol/errors.ts';

/** Row-level security binds neither superusers nor roles that bypass it, and an owner could switch it off. */
export async function refuseTooMuchPower(em: SqlEntityManager): Promise<void> {
  const [role] = await em.execute<
    { name: string; superuser: boolean; bypass: boolean; owns: boolean; ready: boolean }[]
  >(
    `select rolname as name, rolsuper as superuser, rolbypassrls as bypass, to_regclass('public.inbox') is not null as ready,
       exists (select from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
         and pg_has_role(current_user, c.relowner, 'usage')) as owns
     from pg_roles where rolname = current_user`,
  );
  const fault = role?.superuser
    ? 'is a superuser'
    : role?.bypass
      ? 'has BYPASSRLS'
      : role?.owns
        ? 'owns the tables'
        : undefined;
  if (fault) {
    throw new Invalid(
      `DATABASE_URL logs in as "${role?.name}", which ${fault}, so that tenants would not be kept apart.`,
      'Let DATABASE_URL name a plain role, and DATABASE_OWNER_URL the owner that migrates.',
    );
  }
  if (!role?.ready) {
    throw new Invalid('The database has no tables yet.', 'Migrate it first, with DATABASE_OWNER_URL.');
  }
}
