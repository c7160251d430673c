/**
 * `rolled`, `givenBy` and what follows from it (`protocol/call-window.ts`), in one step. Answers the calls given and the window
 * before the gift; numbers as text, since a script's own answers lose what follows the point.
 */
export const takeScript = `
local wanted, slot, now, people = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local busy, quiet, depth, step = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])
local kept, stay, life = tonumber(ARGV[9]), tonumber(ARGV[10]), ARGV[11]
local known = redis.call('hmget', KEYS[1], 'slot', 'counts', 'paced', 'people')
local before = tonumber(known[1] or slot)
local old = {}
for count in string.gmatch(known[2] or '', '%d+') do old[#old + 1] = tonumber(count) end
local paced = math.max(tonumber(known[3] or 0), now)
people = math.max(tonumber(known[4] or 0), people)
local passed = math.min(kept, math.max(0, slot - before))
slot = math.max(before, slot)
local counts, used = {}, 0
for i = 1, kept do
  counts[i] = (i > passed and old[i - passed]) or 0
  used = used + counts[i]
end
local ceiling = quiet
if people > now - stay then ceiling = busy end
local given = math.max(0, math.min(wanted, ceiling - used, math.floor((now + depth - paced) / step + 1e-3)))
local shown = table.concat(counts, ',')
counts[1] = counts[1] + given
redis.call('hset', KEYS[1], 'slot', string.format('%.0f', slot), 'counts', table.concat(counts, ','),
  'paced', string.format('%.6f', paced + given * step), 'people', string.format('%.0f', people))
redis.call('pexpire', KEYS[1], life)
return { given, string.format('%.0f', slot), shown, string.format('%.6f', paced), string.format('%.0f', people) }`;

/** Compare and swap by version. */
export const swapScript = `
if tonumber(redis.call('hget', KEYS[1], 'version') or 0) ~= tonumber(ARGV[1]) then return 0 end
redis.call('hset', KEYS[1], 'version', ARGV[1] + 1, 'state', ARGV[2])
redis.call('pexpire', KEYS[1], ARGV[3])
return 1`;
