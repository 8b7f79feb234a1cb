namespace P2PCloud.CentralDirectory.Redis;

/// <summary>What reads the index. Each script does a bounded step, so that a broad question does not hold up Redis for others.</summary>
internal static class IndexScripts
{
    private const string Prelude = $$"""
        local leases, prefix = KEYS[1], '{{DirectoryKeys.Prefix}}'
        local time = redis.call('TIME')
        local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
        local known = {}
        local function live(posting)
            local serial = string.match(posting, '\1(%d+)$')
            if known[serial] == nil then
                local ends = redis.call('ZSCORE', leases, serial)
                known[serial] = ends and tonumber(ends) > now or false
            end
            return known[serial]
        end

        """;

    /// <summary>
    /// Keys: leases, then the sorted sets to intersect. Arguments: where to begin (a lexical bound), most postings, most candidates, what
    /// the steps before found. Walks the smallest set in its order, which is the common order. Answers where to go on ('' at the end),
    /// then all postings found so far that still hold: the answer of the last step is true of one moment.
    /// </summary>
    public const string Intersect = Prelude + """
        local smallest, size = 2, nil
        for i = 2, #KEYS do
            local count = redis.call('ZCARD', KEYS[i])
            if count == 0 then return {''} end
            if not size or count < size then smallest, size = i, count end
        end
        local most, page = tonumber(ARGV[2]), tonumber(ARGV[3])
        local candidates = redis.call('ZRANGEBYLEX', KEYS[smallest], ARGV[1], '+', 'LIMIT', '0', ARGV[3])
        local answer = {#candidates == page and '(' .. candidates[page] or ''}
        local function consider(posting, source)
            for i = 2, #KEYS do
                if i ~= source and not redis.call('ZSCORE', KEYS[i], posting) then return end
            end
            if live(posting) then answer[#answer + 1] = posting end
        end
        for i = 4, #ARGV do consider(ARGV[i], nil) end
        for _, posting in ipairs(candidates) do
            if #answer > most then break end
            consider(posting, smallest)
        end
        return answer
        """;

    /// <summary>
    /// Keys: leases, contents. Arguments: where to begin, most contents. Answers where to go on ('' at the end), then live postings by
    /// content id.
    /// </summary>
    public const string List = Prelude + """
        local contents = redis.call('ZRANGEBYLEX', KEYS[2], ARGV[1], '+', 'LIMIT', '0', ARGV[2])
        local answer = {#contents == tonumber(ARGV[2]) and '(' .. contents[#contents] or ''}
        for _, content in ipairs(contents) do
            for _, posting in ipairs(redis.call('ZRANGE', prefix .. 'content:' .. content, '0', '-1')) do
                if live(posting) then answer[#answer + 1] = posting end
            end
        end
        return answer
        """;
}
