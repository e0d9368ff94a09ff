/**
 * What the Redis store runs inside Redis, each script one atomic step. All keys of an instance begin alike
 * (`hubedge:{two-sites}:ad:`), KEYS[1] is its state, and the rest is derived from that name:
 *
 *   …:state          hash: invocationId, highestUsn, prunedUsn, and the replication id of the node that it holds for
 *   …:object:<id>    hash: @kind, @usn and one field per attribute, as JSON; @removed (lab time, ms) instead when it is gone
 *   …:changes        sorted set: every id that has a hash, by USN
 *   …:tombstones     sorted set: those that are gone, by lab time
 */
const common = `
local prefix = string.sub(KEYS[1], 1, -6)
local changes, tombstones = prefix .. 'changes', prefix .. 'tombstones'
local function objectKey(id) return prefix .. 'object:' .. id end

-- Which history of writes this node goes on from; a restart or a failover begins another, and may have lost the end
-- of the last. Empty where we may not ask.
local function replicationId()
  local info = redis.pcall('INFO', 'replication')
  return type(info) == 'string' and string.match(info, 'master_replid:(%x+)') or ''
end

-- Numbers of a history that may have lost its end must not be given out again: it gets a new name.
local function currentState(newInvocationId, seenInvocationId, seenUsn)
  local known = redis.call('HMGET', KEYS[1], 'invocationId', 'highestUsn', 'prunedUsn', 'replicationId')
  local state = { invocationId = known[1], highestUsn = tonumber(known[2] or 0), prunedUsn = tonumber(known[3] or 0) }
  local node = replicationId()
  if not known[1] or (node ~= '' and known[4] ~= node)
    or (seenInvocationId == known[1] and seenUsn > state.highestUsn) then
    state.invocationId = newInvocationId
    redis.call('HSET', KEYS[1], 'invocationId', newInvocationId, 'replicationId', node)
  end
  return state
end
`;

/**
 * Objects leave Redis as JSON text, `{"kind":"site","usn":7,"attributes":{"name":"SiteA"}}`, and instead of the attributes
 * `"removedAtMs"` where they are gone: attributes are JSON already, and one text is read far faster than as many values.
 */
const asJson = `
local quoted, named = {}, {}
local function quote(text)
  quoted[text] = quoted[text] or cjson.encode(text)
  return quoted[text]
end

-- Takes names and values in turn, and spoils the list. Nothing for nothing.
local function asJson(hash)
  local own = {}
  for index = 1, #hash, 2 do
    local name = hash[index]
    if string.byte(name) == 64 then
      own[name] = hash[index + 1]
      hash[index], hash[index + 1] = '', ''
    else
      named[name] = named[name] or ',' .. quote(name) .. ':'
      hash[index] = named[name]
    end
  end
  if not own['@kind'] then return '' end
  local head = '{"kind":' .. quote(own['@kind']) .. ',"usn":' .. own['@usn']
  if own['@removed'] then return head .. ',"removedAtMs":' .. own['@removed'] .. '}' end
  return head .. ',"attributes":{' .. string.sub(table.concat(hash), 2) .. '}}'
end
`;

/**
 * KEYS: state. ARGV: an invocation id in case one is needed, lab time (ms), the time before which tombstones go, the
 * channel to hint on; then each write: its id, how many values follow that are names and values in turn (-1: remove it),
 * the kind, how many names of attributes to drop follow, and those values and names.
 * Returns the invocation id, the highest USN before and after it, and what became of each write: 0 nothing, 1 an object
 * that was not there before, else what it is now, as JSON.
 *
 * One object is one call, and one entry of the append-only file; it is calls that cost.
 */
export const writeScript = `${common}${asJson}
local arguments, count = ARGV, #ARGV
local now = arguments[2]
local state = currentState(arguments[1])
local usn = state.highestUsn
local gone = redis.call('ZCARD', tombstones) > 0
local numbered = {}

local function number(id)
  usn = usn + 1
  numbered[#numbered + 1] = usn
  numbered[#numbered + 1] = id
  return usn
end

local function remove(id)
  local kind, removed = unpack(redis.call('HMGET', objectKey(id), '@kind', '@removed'))
  if not kind or removed then return 0 end
  local tombstone = { '@kind', kind, '@usn', number(id), '@removed', now }
  redis.call('DEL', objectKey(id))
  redis.call('HSET', objectKey(id), unpack(tombstone))
  redis.call('ZADD', tombstones, now, id)
  gone = true
  return asJson(tombstone)
end

local function set(id, place, values, dropped)
  local key, last = objectKey(id), place + 3 + values
  if gone and redis.call('ZREM', tombstones, id) == 1 then redis.call('DEL', key) end
  local added =
    redis.call('HSET', key, '@kind', arguments[place + 2], '@usn', number(id), unpack(arguments, place + 4, last))
  if added == 2 + values / 2 then return 1 end
  if dropped > 0 then redis.call('HDEL', key, unpack(arguments, last + 1, last + dropped)) end
  return asJson(redis.call('HGETALL', key))
end

local place, outcomes = 5, {}
while place <= count do
  local id, values = arguments[place], tonumber(arguments[place + 1])
  if values < 0 then
    outcomes[#outcomes + 1] = remove(id)
    place = place + 2
  else
    local dropped = tonumber(arguments[place + 3])
    outcomes[#outcomes + 1] = set(id, place, values, dropped)
    place = place + 4 + values + dropped
  end
end
for first = 1, #numbered, 2000 do
  redis.call('ZADD', changes, unpack(numbered, first, math.min(first + 1999, #numbered)))
end

local pruned = state.prunedUsn
for _, id in ipairs(gone and redis.call('ZRANGEBYSCORE', tombstones, '-inf', '(' .. arguments[3]) or {}) do
  pruned = math.max(pruned, tonumber(redis.call('HGET', objectKey(id), '@usn')))
  redis.call('DEL', objectKey(id))
  redis.call('ZREM', changes, id)
  redis.call('ZREM', tombstones, id)
end

redis.call('HSET', KEYS[1], 'highestUsn', usn, 'prunedUsn', pruned)
if usn > state.highestUsn then redis.call('PUBLISH', arguments[4], usn) end
return { state.invocationId, state.highestUsn, usn, outcomes }
`;

/**
 * KEYS: state. ARGV: an invocation id in case one is needed, the reader's invocation id (or nothing) and USN, after
 * which USN to read, how many objects at most, and up to which USN of that invocation the reader knows them already.
 * Returns the invocation id, the highest and the pruned USN, and in USN order an id and its object as JSON in turn;
 * nothing instead where the reader knows them all.
 */
export const readScript = `${common}${asJson}
local state = currentState(ARGV[1], ARGV[2], tonumber(ARGV[3]))
if state.invocationId == ARGV[2] and state.highestUsn == tonumber(ARGV[6]) then
  return { state.invocationId, state.highestUsn, state.prunedUsn }
end
local found = {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', changes, '(' .. ARGV[4], '+inf', 'LIMIT', 0, ARGV[5])) do
  found[#found + 1] = id
  found[#found + 1] = asJson(redis.call('HGETALL', objectKey(id)))
end
return { state.invocationId, state.highestUsn, state.prunedUsn, found }
`;

/** KEYS: the objects' hashes. Returns each as JSON, in order; an empty text where there is none. */
export const readObjectsScript = `${asJson}
local found = {}
for index, key in ipairs(KEYS) do found[index] = asJson(redis.call('HGETALL', key)) end
return found
`;

/**
 * KEYS: state. ARGV: an invocation id in case one is needed, after which USN to read, how many objects and how many ids
 * at most, the kinds, as their ids begin, in one string with a space around each.
 * Returns the invocation id, the highest USN, the USN up to which was read, 1 at the end, and as readScript does an id
 * and its object in turn, without those that are gone.
 */
export const readKindsScript = `${common}${asJson}
local state = currentState(ARGV[1])
local limit, looked = 2 * tonumber(ARGV[3]), tonumber(ARGV[4])
local found, reaches = {}, ARGV[2]
local ids = redis.call('ZRANGEBYSCORE', changes, '(' .. ARGV[2], '+inf', 'WITHSCORES', 'LIMIT', 0, looked)
for index = 1, #ids, 2 do
  if #found == limit then return { state.invocationId, state.highestUsn, reaches, 0, found } end
  local id = ids[index]
  reaches = ids[index + 1]
  if string.find(ARGV[5], ' ' .. (string.match(id, '^([^/]*)/') or '') .. ' ', 1, true) then
    local hash = redis.call('HGETALL', objectKey(id))
    local gone = false
    for name = 1, #hash, 2 do gone = gone or hash[name] == '@removed' end
    if not gone then
      found[#found + 1] = id
      found[#found + 1] = asJson(hash)
    end
  end
end
if #ids == 2 * looked then return { state.invocationId, state.highestUsn, reaches, 0, found } end
return { state.invocationId, state.highestUsn, state.highestUsn, 1, found }
`;

const forget = `
local function forget(prefix)
  for _, id in ipairs(redis.call('ZRANGE', prefix .. 'changes', 0, -1)) do redis.call('DEL', prefix .. 'object:' .. id) end
  redis.call('DEL', prefix .. 'state', prefix .. 'changes', prefix .. 'tombstones')
end
`;

/**
 * Remembers that a lab has an instance. KEYS: the set of its instances. ARGV: the lab's prefix, the instance, 1 to
 * forget first what it holds.
 */
export const registerScript = `${forget}
if ARGV[3] == '1' then forget(ARGV[1] .. ARGV[2] .. ':') end
return redis.call('SADD', KEYS[1], ARGV[2])
`;

/** Forgets every instance of a lab. KEYS: the set of its instances. ARGV: the lab's prefix. */
export const clearScript = `${forget}
for _, instance in ipairs(redis.call('SMEMBERS', KEYS[1])) do forget(ARGV[1] .. instance .. ':') end
redis.call('DEL', KEYS[1])
return 0
`;

/** KEYS: the owner. ARGV: who wants it, for how long (ms). Returns nothing, or who has it and for how long yet (ms). */
export const claimScript = `
local owner = redis.call('GET', KEYS[1])
if owner and owner ~= ARGV[1] then return { owner, redis.call('PTTL', KEYS[1]) } end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return {}
`;

/** KEYS: the owner. ARGV: who gives it back. */
export const releaseScript = `
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 0
`;
