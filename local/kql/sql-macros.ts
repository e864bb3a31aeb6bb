import { refuseValue } from './expressions/refuse.ts';

const DAY = 864_000_000_000;
const EPOCH_MICROSECONDS = 62_135_596_800_000_000;
const digits = (count: number, sql: string) => `lpad((${sql})::VARCHAR, ${count}, '0')`;

/** Microseconds of DuckDB and ticks of KQL. */
const times = {
  'kql_timestamp(t)': `make_timestamp(t // 10 - ${EPOCH_MICROSECONDS})`,
  'kql_ticks(x)': `epoch_us(x) * 10 + ${EPOCH_MICROSECONDS}0`,
  'kql_datetime_text(t)': `CASE WHEN t IS NULL THEN '' ELSE strftime(kql_timestamp(t), '%Y-%m-%dT%H:%M:%S.%f') || (t % 10)::VARCHAR || 'Z' END`,
  'kql_timespan_text(s)': `CASE WHEN s IS NULL THEN '' ELSE concat(
    CASE WHEN s < 0 THEN '-' ELSE '' END,
    CASE WHEN abs(s) >= ${DAY} THEN (abs(s) // ${DAY})::VARCHAR || '.' ELSE '' END,
    ${digits(2, 'abs(s) // 36000000000 % 24')}, ':', ${digits(2, 'abs(s) // 600000000 % 60')}, ':',
    ${digits(2, 'abs(s) // 10000000 % 60')},
    CASE WHEN abs(s) % 10000000 > 0 THEN '.' || ${digits(7, 'abs(s) % 10000000')} ELSE '' END) END`,
  'kql_parse_datetime(s)': `CASE
    WHEN s = '' THEN NULL
    WHEN regexp_full_match(s, '\\d{4}-\\d{2}-\\d{2}([T ]\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,7})?)?)?(Z|[+-]\\d{2}:\\d{2})?')
    THEN kql_ticks(TRY_CAST(regexp_replace(s, '\\.\\d+', '') AS TIMESTAMPTZ))
      + rpad(regexp_extract(s, '\\.(\\d+)', 1), 7, '0')::BIGINT
    WHEN NOT regexp_matches(s, '\\d') THEN NULL
    WHEN regexp_full_match(s, '\\d{1,2}/\\d{1,2}/\\d{4}( \\d{2}:\\d{2}:\\d{2})?') THEN kql_ticks(try_strptime(s, ['%m/%d/%Y %H:%M:%S', '%m/%d/%Y']))
    WHEN regexp_full_match(s, '\\d{2}-\\d{2}-\\d{4}( \\d{2}:\\d{2}:\\d{2})?') THEN kql_ticks(try_strptime(s, ['%m-%d-%Y %H:%M:%S', '%m-%d-%Y']))
    WHEN regexp_full_match(s, '\\d{2}[.]\\d{2}[.]\\d{4}') THEN kql_ticks(try_strptime(s, '%m.%d.%Y'))
    WHEN regexp_full_match(s, '\\d{4}/\\d{2}/\\d{2}') THEN kql_ticks(try_strptime(s, '%Y/%m/%d'))
    WHEN regexp_full_match(s, '\\d{8}') THEN kql_ticks(try_strptime(s, '%Y%m%d'))
    WHEN regexp_full_match(s, '[A-Z][a-z]{2}, \\d{2} [A-Z][a-z]{2} \\d{4} \\d{2}:\\d{2}:\\d{2} GMT') THEN kql_ticks(try_strptime(s, '%a, %d %b %Y %H:%M:%S GMT'))
    WHEN regexp_matches(s, '^[A-Za-z]') AND NOT regexp_matches(s, '^(?i)(mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)') THEN NULL
    ELSE ${refuseValue('todatetime() of a text in this form')}::BIGINT END`,
  'kql_parse_timespan(s)': `CASE
    WHEN s = '' THEN NULL
    WHEN regexp_full_match(s, '-?(\\d{1,7}\\.)?([01]?\\d|2[0-3]):[0-5]?\\d(:[0-5]?\\d(\\.\\d{1,7})?)?')
    THEN (CASE WHEN s[1] = '-' THEN -1 ELSE 1 END) * (
      coalesce(TRY_CAST(regexp_extract(s, '(\\d+)\\.\\d+:', 1) AS BIGINT), 0) * ${DAY}
      + regexp_extract(s, '(\\d+):', 1)::BIGINT * 36000000000
      + regexp_extract(s, ':(\\d+)', 1)::BIGINT * 600000000
      + coalesce(TRY_CAST(regexp_extract(s, ':\\d+:(\\d+)', 1) AS BIGINT), 0) * 10000000
      + rpad(regexp_extract(s, ':\\d+:\\d+\\.(\\d+)', 1), 7, '0')::BIGINT)
    WHEN NOT regexp_matches(s, '\\d') THEN NULL
    ELSE ${refuseValue('totimespan() of a text that is not [d.]hh:mm:ss')}::BIGINT END`,
};

/** What DuckDB's casts accept or round, and KQL does not. A text that a cast gives back unchanged needs no closer look. */
const numbers = {
  'kql_parse_long(s)': `CASE
    WHEN TRY_CAST(s AS BIGINT)::VARCHAR = s THEN TRY_CAST(s AS BIGINT)
    WHEN s = '' THEN NULL
    WHEN regexp_full_match(s, '[+-]?\\d+') THEN TRY_CAST(s AS BIGINT)
    WHEN NOT regexp_matches(s, '\\d') THEN NULL
    WHEN regexp_full_match(s, '\\s*[+-]?(0[xX][0-9a-fA-F]+|\\d+|\\d*\\.\\d*([eE][+-]?\\d+)?|\\d+[eE][+-]?\\d+)\\s*')
    THEN ${refuseValue('a whole number of a text like 1.5, 1e3, 0x1F or with spaces')}::BIGINT
    ELSE NULL END`,
  'kql_parse_bool(s)': `CASE WHEN lower(s) = 'true' THEN true WHEN lower(s) = 'false' THEN false
    WHEN regexp_full_match(s, '\\s*[+-]?[\\d.]+\\s*') THEN ${refuseValue('tobool() of a text that is a number')}::BOOLEAN END`,
  'kql_parse_int(s)': `CASE WHEN TRY_CAST(s AS INTEGER)::VARCHAR = s THEN TRY_CAST(s AS INTEGER) ELSE TRY_CAST(kql_parse_long(s) AS INTEGER) END`,
  'kql_parse_real(s)': `CASE
    WHEN regexp_full_match(s, '[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?') THEN TRY_CAST(s AS DOUBLE)
    WHEN s = '' OR NOT regexp_matches(s, '\\d|[nN][aA][nN]|[iI][nN][fF]|∞') THEN NULL
    WHEN regexp_full_match(s, '\\s*[+-]?(0[xX][0-9a-fA-F]+|[\\d.,eE+-]+|[nN][aA][nN]|[iI][nN][fF]([iI][nN][iI][tT][yY])?|∞)\\s*')
    THEN ${refuseValue('a number of a text like 1,000, 0x1F, inf or with spaces')}::DOUBLE
    ELSE NULL END`,
  'kql_real_text(x)': `CASE WHEN x IS NULL THEN '' WHEN isnan(x) THEN 'NaN'
    WHEN x <> 0 AND (abs(x) >= 1e15 OR abs(x) < 1e-4) THEN ${refuseValue('the text of a very large or very small real')}
    ELSE x::VARCHAR END`,
  'kql_modulo(a, b)': '((a % b) + abs(b)) % abs(b)',
  'kql_bin(x, s)': 'x - kql_modulo(x, s)',
};

/** JSON null is null, and a real that JSON cannot hold is its name. */
const dynamics = {
  'kql_json(x)': "nullif(x, 'null'::JSON)",
  'kql_real_json(x)': `CASE WHEN isnan(x) THEN '"NaN"'::JSON WHEN isinf(x) THEN CASE WHEN x > 0 THEN '"Infinity"' ELSE '"-Infinity"' END::JSON ELSE to_json(x) END`,
  'kql_parse_json(s)':
    "CASE WHEN s = '' THEN NULL WHEN json_valid(s) THEN nullif(json(s), 'null')::JSON ELSE to_json(s) END",
  'kql_dynamic_text(x)': "coalesce(json_extract_string(x, '$'), '')",
  'kql_dynamic_bool(x)': `CASE json_type(x) WHEN 'VARCHAR' THEN kql_parse_bool(kql_dynamic_text(x))
    WHEN 'BOOLEAN' THEN json_extract_string(x, '$') = 'true'
    WHEN 'DOUBLE' THEN ${refuseValue('tobool() of a dynamic number')}::BOOLEAN
    WHEN 'BIGINT' THEN ${refuseValue('tobool() of a dynamic number')}::BOOLEAN
    WHEN 'UBIGINT' THEN ${refuseValue('tobool() of a dynamic number')}::BOOLEAN END`,
  'kql_dynamic_real(x)': `CASE json_type(x) WHEN 'VARCHAR' THEN kql_parse_real(kql_dynamic_text(x))
    WHEN 'BOOLEAN' THEN ${refuseValue('a number of a dynamic true or false')}::DOUBLE
    WHEN 'DOUBLE' THEN TRY_CAST(x AS DOUBLE) WHEN 'BIGINT' THEN TRY_CAST(x AS DOUBLE) WHEN 'UBIGINT' THEN TRY_CAST(x AS DOUBLE) END`,
  'kql_dynamic_long(x)': `CASE json_type(x) WHEN 'VARCHAR' THEN kql_parse_long(kql_dynamic_text(x))
    WHEN 'BOOLEAN' THEN ${refuseValue('a number of a dynamic true or false')}::BIGINT
    WHEN 'DOUBLE' THEN TRY_CAST(trunc(TRY_CAST(x AS DOUBLE)) AS BIGINT)
    WHEN 'BIGINT' THEN TRY_CAST(x::VARCHAR AS BIGINT) WHEN 'UBIGINT' THEN TRY_CAST(x::VARCHAR AS BIGINT) END`,
  'kql_compared_real(x)': `CASE json_type(x)
    WHEN 'VARCHAR' THEN ${refuseValue('a dynamic text compared with a number: convert it first')}::DOUBLE
    WHEN 'DOUBLE' THEN TRY_CAST(x AS DOUBLE) WHEN 'BIGINT' THEN TRY_CAST(x AS DOUBLE) WHEN 'UBIGINT' THEN TRY_CAST(x AS DOUBLE) END`,
  'kql_compared_bool(x)': `CASE json_type(x)
    WHEN 'VARCHAR' THEN ${refuseValue('a dynamic text compared with a bool: convert it first')}::BOOLEAN
    WHEN 'BOOLEAN' THEN TRY_CAST(json_extract_string(x, '$') AS BOOLEAN) END`,
  'kql_elements(x)': "CASE WHEN json_type(x) = 'ARRAY' THEN json_extract(x, '$[*]') END",
};

/** Kusto's documentation has no value halfway between two that even and away from zero would round apart. */
const rounding = {
  'kql_round(x, n)': `CASE WHEN round(x, n) = round_even(x, n) OR x IS NULL THEN round(x, n) ELSE ${refuseValue('round() of a value halfway between two')}::DOUBLE END`,
};

/** Fails where rows from nothing would be too many for the memory of this machine: lists are not held by `memory_limit`. */
const limits = {
  'kql_generated(n, most)': `CASE WHEN n > most THEN error('too many generated rows')::BIGINT ELSE greatest(n, 0) END`,
};

/** Makes the SQL functions that translations use. They live as long as the connection. */
export const createMacros: readonly string[] = Object.entries({
  ...times,
  ...numbers,
  ...dynamics,
  ...rounding,
  ...limits,
}).map(([signature, body]) => `CREATE OR REPLACE TEMP MACRO ${signature} AS ${body}`);
