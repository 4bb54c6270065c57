// @ts-types="@types/pg"
import pg from "pg";

/** 60 given names, 100 family names, 20 trades, 20 cities: as common as such words are, with their accents. */
export const NOMBRES =
  ("María José Luis Ana Juan Carlos Sofía Andrés Lucía Óscar Begoña Íñigo Camila Julián Zoé Ángela Sebastián Valentina Héctor Mónica " +
    "Fernando Patricia Ramón Adriana Germán Liliana Gonzalo Yolanda Álvaro Beatriz Esteban Marcela Nicolás Carolina Tomás Daniela " +
    "Felipe Natalia Gabriel Paola Rubén Viviana Jairo Claudia Emilio Catalina Wilson Isabel Hernán Rocío Edgar Lorena Samuel Teresa " +
    "Mauricio Gloria Iván Rosario Ricardo Consuelo").split(" ");
export const APELLIDOS =
  ("Rodríguez García Martínez López González Hernández Pérez Sánchez Ramírez Torres Díaz Gómez Vargas Castro Rojas Moreno Jiménez " +
    "Muñoz Álvarez Ortiz Gutiérrez Suárez Peña Ospina Cárdenas Echeverría Ibáñez Núñez Güiza Ñáñez Acosta Aguilar Aguirre Arango Arias " +
    "Ballesteros Bautista Beltrán Benavides Bermúdez Bernal Betancur Bonilla Bustamante Caballero Cabrera Caicedo Calderón Camacho " +
    "Cardona Carrillo Castañeda Castellanos Castillo Cifuentes Contreras Córdoba Correa Cortés Cuéllar Delgado Duarte Escobar Espinosa " +
    "Fajardo Fernández Figueroa Flórez Fonseca Forero Franco Galeano Galindo Gallego Garzón Giraldo Guerrero Guzmán Henao Herrera " +
    "Hoyos Hurtado Jaramillo Lozano Londoño Maldonado Marín Medina Mejía Mendoza Molina Montoya Mosquera Murillo Navarro Orozco Ospino " +
    "Palacios Pineda Quintero").split(" ");
const RAMOS =
  ("Cafés Textiles Flores Panaderías Librerías Ferreterías Cacaos Quesos Turismo Transportes Muebles Calzados Imprentas Joyerías " +
    "Maderas Plásticos Seguros Software Vidrios Viveros").split(" ");
const LUGARES =
  ("Bogotá Medellín Cali Popayán Cúcuta Leticia Riohacha Ibagué Pereira Manizales Armenia Neiva Pasto Tunja Quibdó Montería Sincelejo " +
    "Valledupar Yopal Mocoa").split(" ");

/** Clientes, a tenth of them companies, and a campaign of each, behind the platform's back. The same for the same `n`. */
export async function sembrarClientes(databaseUrl: string, n: number): Promise<void> {
  const db = new pg.Client(databaseUrl);
  await db.connect();
  try {
    await db.query("set session_replication_role = replica");
    await db.query("set synchronous_commit = off");
    await db.query(CLIENTES, [n, NOMBRES, APELLIDOS, RAMOS, LUGARES]);
    await db.query(CAMPANIAS);
    await db.query("select cliente.recontar(), campanias.recontar()");
    await db.query("analyze cliente.clientes");
    await db.query("analyze campanias.campanias");
  } finally {
    await db.end();
  }
}

/** The element that the row's number, mixed by `sal`, falls on. */
const al = (lista: string, sal: string) =>
  `(${lista})[1 + (hashtextextended('${sal}', n) & 2147483647) % array_length(${lista}, 1)]`;

const CLIENTES = `
  insert into cliente.clientes (id, tipo_cliente, nombre, email, cedula, rut, fecha_nacimiento, estado, fecha_registro, version,
    huella_registro)
  select 'q-' || n, tipo, nombre, replace(lower(public.unaccent(nombre)), ' ', '.') || '.' || n || '@b' || n % 9 || '.example',
         case tipo when 'NATURAL' then (10000000 + n::bigint * 7919 % 90000000)::text end,
         case tipo when 'EMPRESA' then '9' || n end, case tipo when 'NATURAL' then date '1980-01-01' end,
         'ACTIVO', now() - n * interval '1 minute', 1, 'siembra'
    from (select n, case when n % 10 = 0 then 'EMPRESA' else 'NATURAL' end as tipo,
                 case when n % 10 = 0 then ${al("$4::text[]", "ramo")} || ' ' || ${
  al("$3::text[]", "a")
} || ' de ' || ${al("$5::text[]", "lugar")} || ' S.A.S.'
                      else ${al("$2::text[]", "n")} || ' ' || ${al("$2::text[]", "m")} || ' ' || ${
  al("$3::text[]", "a")
} || ' ' || ${al("$3::text[]", "b")} end as nombre
            from generate_series(1, $1::int) n) s`;

const CAMPANIAS =
  `insert into campanias.campanias (id, id_cliente, nombre, tipo_campania, itinerario, estado, fecha_creacion, version)
  select 'k-' || id, id, 'Campaña de ' || nombre, 'PERFORMANCE', '[]', 'PENDIENTE', fecha_registro, 1
    from cliente.clientes where huella_registro = 'siembra'`;
