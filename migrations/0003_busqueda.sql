-- Search that ignores case and accents, and forgives a wrong letter. `unaccent` is not immutable by itself (its
-- dictionary could change), so an immutable wrapper names the dictionary; generated columns and indexes use that.
create extension if not exists pg_trgm with schema public;
create extension if not exists unaccent with schema public;
create function public.normaliza(texto text) returns text
  language sql immutable strict parallel safe
  return lower(public.unaccent('public.unaccent'::regdictionary, texto));
grant usage on schema public to alpes_cliente, alpes_campanias, alpes_pagos, alpes_app;
