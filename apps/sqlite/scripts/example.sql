-- A table, a join, a recursive query, a window function, floating point and text, in a database in memory.
CREATE TABLE planets (name TEXT PRIMARY KEY, mass_earths REAL, moons INTEGER);
INSERT INTO planets VALUES ('Mercury', 0.055, 0), ('Venus', 0.815, 0), ('Earth', 1.0, 1), ('Mars', 0.107, 2),
  ('Jupiter', 317.8, 95), ('Saturn', 95.2, 146), ('Uranus', 14.5, 28), ('Neptune', 17.1, 16);
CREATE INDEX by_moons ON planets (moons);
CREATE TABLE kinds (name TEXT, least REAL, most REAL);
INSERT INTO kinds VALUES ('rocky', 0, 2), ('giant', 2, 1000);
.mode column
SELECT k.name AS kind, count(*) AS planets, sum(moons) AS moons, round(avg(mass_earths), 3) AS mass
  FROM planets JOIN kinds k ON mass_earths BETWEEN k.least AND k.most GROUP BY k.name ORDER BY k.name;
SELECT name, rank() OVER (ORDER BY mass_earths DESC) AS rank FROM planets ORDER BY rank LIMIT 3;
.mode list
WITH RECURSIVE squares(n, s) AS (SELECT 1, 1 UNION ALL SELECT n + 1, (n + 1) * (n + 1) FROM squares WHERE n < 100000)
  SELECT 'sum of squares', sum(s) FROM squares;
CREATE TABLE many AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 20000)
  SELECT x, (x * 7919) % 20011 AS y FROM c;
CREATE INDEX many_y ON many (y);
SELECT 'indexed', count(*), sum(x) FROM many WHERE y BETWEEN 100 AND 200;
BEGIN;
DELETE FROM many WHERE x % 2 = 0;
SELECT 'inside', count(*) FROM many;
ROLLBACK;
SELECT 'rolled back', count(*) FROM many;
PRAGMA integrity_check;
SELECT upper('done'), sqlite_version() > '3';
