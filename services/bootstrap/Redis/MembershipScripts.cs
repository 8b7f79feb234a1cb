namespace P2PCloud.Bootstrap.Redis;

/// <summary>
/// Each decision of BOOT is one script, so that replicas of the service cannot both take it; time is Redis' own clock. All keys are
/// of one overlay, are passed by name and share a hash slot:
/// <c>joined</c> and <c>waiting</c> (sorted sets: node name by the millisecond at which its lease ends; a node is in one of them),
/// <c>nodes</c> (hash: name to JSON), <c>incarnations</c> (hash: name to 20 digits, compared as text since a Lua number has 53 bits),
/// <c>claim</c> (name of the node that was told to create the overlay).
/// </summary>
internal static class MembershipScripts
{
    /// <summary>Ended entries that one registration clears away at most.</summary>
    private const int ClearedMax = 100;

    /// <summary>How much longer than a lease the keys of an overlay outlive its last renewal, in milliseconds.</summary>
    private const int KeysOutliveMs = 1000;

    private const string Prelude = """
        local joined, waiting, nodes, incarnations, claim = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
        local time = redis.call('TIME')
        local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
        local function text(number) return string.format('%.0f', number) end
        local function live(name)
            for _, set in ipairs({joined, waiting}) do
                local ends = redis.call('ZSCORE', set, name)
                if ends and tonumber(ends) > now then return set end
            end
            return nil
        end
        local function held(name, incarnation)
            local set = live(name)
            return set and redis.call('HGET', incarnations, name) == incarnation and set or nil
        end
        local function remove(name)
            redis.call('ZREM', joined, name)
            redis.call('ZREM', waiting, name)
            redis.call('HDEL', nodes, name)
            redis.call('HDEL', incarnations, name)
        end

        """;

    /// <summary>
    /// Draws ranks of the live part of <c>joined</c> by a Fisher-Yates shuffle that keeps only what it moved: the cost grows with the
    /// sample, not with the overlay. <c>skip</c> is subtracted after the draw, which leaves the rest uniform.
    /// </summary>
    private const string Sample = """
        local function sample(count, excluded, draws, into)
            local first = redis.call('ZCOUNT', joined, '-inf', text(now))
            local size = redis.call('ZCARD', joined) - first
            local skip = {}
            for _, name in ipairs(excluded) do
                local rank = redis.call('ZRANK', joined, name)
                if rank then skip[rank - first] = true end
            end
            local moved, taken = {}, 0
            for i = 0, math.min(#draws, size) - 1 do
                if taken == count then break end
                local j = i + math.floor(tonumber(draws[i + 1]) / 9007199254740992 * (size - i))
                local rank = moved[j] or j
                moved[j] = moved[i] or i
                if not skip[rank] then
                    local place = text(first + rank)
                    local name = redis.call('ZRANGE', joined, place, place)[1]
                    into[#into + 1] = redis.call('HGET', nodes, name)
                    taken = taken + 1
                end
            end
            return into
        end

        """;

    private static readonly string Keep = $$"""
        local function keep(lease)
            for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, text(lease + {{KeysOutliveMs}})) end
        end

        """;

    /// <summary>
    /// Arguments: name, JSON, incarnation, 1 if joined, lease in ms, contacts, draws. Answers nothing when refused; else 1 for the creator
    /// or 0, then the JSON of contacts. A node that has joined stays joined until it starts again: a request from before may come late, or
    /// twice.
    /// </summary>
    public static string Register { get; } = Prelude + Sample + Keep + $$"""
        local name, json, incarnation, isJoined, lease = ARGV[1], ARGV[2], ARGV[3], ARGV[4] == '1', tonumber(ARGV[5])
        for _, set in ipairs({joined, waiting}) do
            local ended = redis.call('ZRANGEBYSCORE', set, '-inf', text(now), 'LIMIT', '0', '{{ClearedMax}}')
            for _, gone in ipairs(ended) do remove(gone) end
        end
        if live(name) and redis.call('HGET', incarnations, name) > incarnation then return {} end
        isJoined = isJoined or held(name, incarnation) == joined
        redis.call('ZREM', isJoined and waiting or joined, name)
        redis.call('ZADD', isJoined and joined or waiting, text(now + lease), name)
        redis.call('HSET', nodes, name, json)
        redis.call('HSET', incarnations, name, incarnation)
        local creator = 0
        if not isJoined and redis.call('ZCOUNT', joined, '(' .. text(now), '+inf') == 0 then
            local claimant = redis.call('GET', claim)
            if claimant == name or not claimant or not live(claimant) then
                redis.call('SET', claim, name)
                creator = 1
            end
        end
        keep(lease)
        local draws = {}
        for i = 7, #ARGV do draws[#draws + 1] = ARGV[i] end
        return sample(tonumber(ARGV[6]), {name}, draws, {creator})
        """;

    /// <summary>Arguments: name, incarnation, lease in ms, 1 for a member. Answers 1, or 0 when the lease had ended or is not a member's.</summary>
    public static string Renew { get; } = Prelude + Keep + """
        local set, lease = held(ARGV[1], ARGV[2]), tonumber(ARGV[3])
        if not set or (ARGV[4] == '1' and set ~= joined) then return 0 end
        redis.call('ZADD', set, text(now + lease), ARGV[1])
        keep(lease)
        return 1
        """;

    /// <summary>Arguments: name, incarnation.</summary>
    public static string Leave { get; } = Prelude + """
        if held(ARGV[1], ARGV[2]) then remove(ARGV[1]) end
        return 1
        """;

    /// <summary>
    /// Arguments: count, number of excluded names, number of missing ones, all these, draws. Answers the number of the missing that are live,
    /// joined members, their names, and the JSON of nodes.
    /// </summary>
    public static string Contacts { get; } = Prelude + Sample + """
        local last = 3 + tonumber(ARGV[2])
        local excluded, draws, answer = {}, {}, {0}
        for i = 4, last do excluded[#excluded + 1] = ARGV[i] end
        for i = last + 1, last + tonumber(ARGV[3]) do
            if live(ARGV[i]) == joined then answer[#answer + 1] = ARGV[i] end
        end
        answer[1] = #answer - 1
        for i = last + tonumber(ARGV[3]) + 1, #ARGV do draws[#draws + 1] = ARGV[i] end
        return sample(tonumber(ARGV[1]), excluded, draws, answer)
        """;

    /// <summary>Answers the number of joined members, the JSON of these, and the JSON of those that wait.</summary>
    public static string Members { get; } = Prelude + """
        local all = {0}
        for _, set in ipairs({joined, waiting}) do
            for _, name in ipairs(redis.call('ZRANGEBYSCORE', set, '(' .. text(now), '+inf')) do
                all[#all + 1] = redis.call('HGET', nodes, name)
            end
            if set == joined then all[1] = #all - 1 end
        end
        return all
        """;
}
