import type { Query } from "./ready.ts";

/** Schemas that are ours, and objects that no extension brought. */
const OURS = "nspname in ('public', 'mensajeria', 'cliente', 'campanias', 'pagos', 'seguridad')";
const own = (catalog: string, oid: string) =>
  `not exists (select from pg_depend e where e.classid = '${catalog}'::regclass and e.objid = ${oid} and e.deptype = 'e')`;
/** `role=privileges`, owner left out (it has everything and its name is the installer's). */
const grants = (acl: string, owner: string) =>
  `(select string_agg(g, '; ' order by g) from (
      select coalesce(nullif(item.grantee, 0)::regrole::text, 'public') || '=' || string_agg(lower(item.privilege_type), ',' order by item.privilege_type) as g
      from aclexplode(${acl}) item where item.grantee <> ${owner} group by item.grantee) _)`;

/** Each gives rows of one text column `l`, in an order that does not depend on how the objects came to be. */
const SECTIONS: readonly { title: string; sql: string }[] = [
  {
    title: "roles",
    sql:
      `select r.rolname || case when rolcanlogin then ' login' else '' end || case when rolinherit then '' else ' noinherit' end
        || case when rolsuper then ' SUPERUSER' else '' end || case when rolbypassrls then ' BYPASSRLS' else '' end
        || case when rolcreaterole then ' CREATEROLE' else '' end || case when rolcreatedb then ' CREATEDB' else '' end
        || coalesce(' in ' || (select string_agg(m.roleid::regrole::text, ', ' order by m.roleid::regrole::text)
             from pg_auth_members m where m.member = r.oid), '') as l
      from pg_roles r where r.rolname ~ '^alpes_' order by r.rolname`,
  },
  {
    title: "extensions",
    sql:
      `select extname || ' in ' || extnamespace::regnamespace as l from pg_extension where extname <> 'plpgsql' order by 1`,
  },
  {
    title: "schemas",
    sql: `select nspname || coalesce(': ' || ${grants("nspacl", "nspowner")}, '') as l
      from pg_namespace where ${OURS} order by nspname`,
  },
  {
    title: "default privileges",
    sql: `select coalesce(n.nspname, '*') || ' ' || d.defaclobjtype::text || ': ' || ${
      grants("d.defaclacl", "d.defaclrole")
    } as l
      from pg_default_acl d left join pg_namespace n on n.oid = d.defaclnamespace order by 1`,
  },
  {
    title: "types",
    sql: `select n.nspname || '.' || t.typname || ' ' || case t.typtype
        when 'e' then 'enum (' || (select string_agg(quote_literal(enumlabel), ', ' order by enumsortorder) from pg_enum where enumtypid = t.oid) || ')'
        when 'd' then 'domain ' || format_type(t.typbasetype, t.typtypmod)
          || coalesce(' ' || (select string_agg(pg_get_constraintdef(c.oid), ' ' order by c.conname) from pg_constraint c where c.contypid = t.oid), '')
        else 'composite' end as l
      from pg_type t join pg_namespace n on n.oid = t.typnamespace
      where ${OURS} and (t.typtype in ('e', 'd') or t.typtype = 'c' and (select relkind from pg_class where oid = t.typrelid) = 'c')
        and ${own("pg_type", "t.oid")} order by 1`,
  },
  {
    title: "sequences",
    sql:
      `select n.nspname || '.' || c.relname || ' as ' || s.seqtypid::regtype || ' start ' || s.seqstart || ' increment ' || s.seqincrement
        || case when s.seqcycle then ' cycle' else '' end
        || coalesce(' owned by ' || (select d.refobjid::regclass || '.' || a.attname from pg_depend d
             join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
             where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype in ('a', 'i')), '')
        || coalesce(': ' || ${grants("c.relacl", "c.relowner")}, '') as l
      from pg_sequence s join pg_class c on c.oid = s.seqrelid join pg_namespace n on n.oid = c.relnamespace
      where ${OURS} and ${own("pg_class", "c.oid")} order by 1`,
  },
  {
    title: "functions",
    sql: `select pg_get_functiondef(p.oid) || coalesce('-- ' || ${grants("p.proacl", "p.proowner")}, '') as l
      from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where ${OURS} and p.prokind in ('f', 'p') and ${
      own("pg_proc", "p.oid")
    } order by p.oid::regprocedure::text`,
  },
];

const RELATIONS =
  `select c.oid::text as oid, n.nspname || '.' || c.relname as nombre, case c.relkind when 'v' then 'view'
    when 'm' then 'materialized view' when 'p' then 'partitioned table by ' || pg_get_partkeydef(c.oid) else 'table' end
    || case c.relpersistence when 'u' then ' unlogged' else '' end
    || coalesce(' with (' || array_to_string(c.reloptions, ', ') || ')', '')
    || coalesce(' partition of ' || (select inhparent::regclass || ' ' || pg_get_expr(c.relpartbound, c.oid) from pg_inherits where inhrelid = c.oid), '')
    || case when c.relrowsecurity then ' row level security' || case when c.relforcerowsecurity then ' forced' else '' end else '' end as clase
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where ${OURS} and c.relkind in ('r', 'p', 'v', 'm') and ${own("pg_class", "c.oid")} order by 2`;

/** What belongs to each relation, as (oid, l). */
const PARTS: readonly string[] = [
  `select a.attrelid::text as oid, a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
      || case when a.attcollation <> t.typcollation then ' collate ' || (select quote_ident(collname) from pg_collation where oid = a.attcollation) else '' end
      || case when a.attnotnull then ' not null' else '' end
      || case a.attidentity when 'a' then ' generated always as identity' when 'd' then ' generated by default as identity' else '' end
      || coalesce(case a.attgenerated when '' then ' default ' || pg_get_expr(d.adbin, d.adrelid)
           else ' generated always as (' || pg_get_expr(d.adbin, d.adrelid) || ')' || case a.attgenerated when 's' then ' stored' else '' end end, '')
      || coalesce(' -- ' || ${
    grants("a.attacl", "(select relowner from pg_class where oid = a.attrelid)")
  }, '') as l
    from pg_attribute a join pg_type t on t.oid = a.atttypid left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attnum > 0 and not a.attisdropped order by a.attrelid, a.attnum`,
  `select conrelid::text as oid, 'constraint ' || conname || ' ' || pg_get_constraintdef(oid) as l
    from pg_constraint where contype <> 'n' and conrelid <> 0 order by conrelid, contype, conname`,
  `select i.indrelid::text as oid, pg_get_indexdef(i.indexrelid) as l from pg_index i
    where not exists (select from pg_constraint c where c.conindid = i.indexrelid and c.contype in ('p', 'u', 'x')) order by i.indrelid, 2`,
  `select tgrelid::text as oid, pg_get_triggerdef(oid) || case tgenabled when 'D' then ' disabled' else '' end as l
    from pg_trigger where not tgisinternal order by tgrelid, tgname`,
  `select polrelid::text as oid, 'policy ' || polname || ' for ' || polcmd::text || ' to ' || polroles::regrole[]::text
      || coalesce(' using ' || pg_get_expr(polqual, polrelid), '') || coalesce(' check ' || pg_get_expr(polwithcheck, polrelid), '') as l
    from pg_policy order by polrelid, polname`,
  `select oid::text as oid, pg_get_viewdef(oid) as l from pg_class where relkind in ('v', 'm') order by oid`,
  `select oid::text as oid, 'grant ' || ${
    grants("relacl", "relowner")
  } as l from pg_class where relkind in ('r', 'p', 'v', 'm') order by oid`,
];

const text = (row: object, key: string): string | null => {
  const v: unknown = Reflect.get(row, key);
  return typeof v === "string" ? v : null;
};

/**
 * The whole schema as text, the same for equal schemas: what the database says of itself, so that a migration's diff
 * shows what it really changed. Ours, because `pg_dump` does not come with the embedded server. `query` as an owner.
 */
export async function schemaDump(query: Query): Promise<string> {
  const lines = ["-- Written by `deno task migrate --golden`. For reading and comparing, not for running."];
  for (const { title, sql } of SECTIONS) {
    const rows = (await query(sql)).map((r) => text(r, "l")).filter((l) => l !== null);
    if (rows.length > 0) lines.push("", `-- ${title}`, ...rows);
  }
  const parts: (readonly object[])[] = [];
  for (const sql of PARTS) parts.push(await query(sql));
  for (const r of await query(RELATIONS)) {
    lines.push("", `-- ${text(r, "clase")} ${text(r, "nombre")}`);
    for (const part of parts) {
      for (const p of part) {
        const l = text(p, "l");
        if (l !== null && text(p, "oid") === text(r, "oid")) {
          lines.push(`  ${l.trimEnd().replaceAll("\n", "\n  ")}`);
        }
      }
    }
  }
  return lines.map((l) => l.trimEnd()).join("\n") + "\n";
}

/** The golden file that every change of schema goes through. */
export const GOLDEN: URL = new URL("./schema.sql", import.meta.url);

/** The lines in which two dumps differ, `-` only in the first, `+` only in the second; empty when they are equal. */
export function dumpDiff(golden: string, now: string): string[] {
  const [a, b] = [golden.split("\n"), now.split("\n")];
  // Longest common subsequence from the end; a dump has some hundred lines.
  const n = b.length + 1;
  const common = new Uint16Array((a.length + 1) * n);
  const at = (i: number, j: number) => common[i * n + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      common[i * n + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const out: string[] = [];
  for (let i = 0, j = 0; i < a.length || j < b.length;) {
    if (i < a.length && j < b.length && a[i] === b[j]) i++, j++;
    else if (j >= b.length || (i < a.length && at(i + 1, j) >= at(i, j + 1))) out.push(`- ${a[i++]}`);
    else out.push(`+ ${b[j++]}`);
  }
  return out;
}
