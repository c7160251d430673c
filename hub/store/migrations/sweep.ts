import { Migration } from '@mikro-orm/migrations';

/** Live links by their ids' characters, so that a page of a sweep costs what is on it. */
export class Sweep extends Migration {
  override up(): void {
    this.addSql(
      `create index "link_walk_index" on "link"
         ("tenant_id", "installation_id", "object", "external_id" collate "C")
         where state = 'live' and "external_id" is not null`,
    );
  }
}
