namespace P2PCloud.CentralDirectory.Redis;

/// <summary>
/// What changes the directory, each one script, so that replicas and late messages cannot mix; time is Redis' own clock. A key
/// <c>files:SERIAL</c> (sorted set) has an entry of each posting of a session: content id, words, posting, parted by byte 1. A posting in
/// the sets of words and contents is: name, content id, peer, size, serial.
/// </summary>
internal static class SessionScripts
{
    /// <summary>How much longer than its lease the key of a session stays, in milliseconds.</summary>
    private const string KeyOutlivesMs = "1000";

    private const string Prelude = $$"""
        local leases, ended, prefix = KEYS[1], KEYS[2], '{{DirectoryKeys.Prefix}}'
        local time = redis.call('TIME')
        local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
        local function text(number) return string.format('%.0f', number) end
        local function find(session)
            local serial, incarnation = string.match(redis.call('GET', session) or '', '^(%d+) (%d+)$')
            local ends = serial and redis.call('ZSCORE', leases, serial)
            if ends and tonumber(ends) > now then return serial, incarnation end
            return nil, nil
        end
        local function finish(serial)
            redis.call('ZREM', leases, serial)
            redis.call('SADD', ended, serial)
        end
        local function take(files, entry)
            local content, words, posting = string.match(entry, '^([^\1]*)\1([^\1]*)\1(.*)$')
            for word in string.gmatch(words, '[^ ]+') do redis.call('ZREM', prefix .. 'word:' .. word, posting) end
            local set = prefix .. 'content:' .. content
            redis.call('ZREM', set, posting)
            if redis.call('ZCARD', set) == 0 then redis.call('ZREM', prefix .. 'contents', content) end
            redis.call('ZREM', files, entry)
        end

        """;

    /// <summary>
    /// Keys: leases, ended, serial, session. Arguments: incarnation, lease in ms. Answers 1, or 0 when a newer session lives.
    /// A login that comes twice finds its own session, which goes on with its files.
    /// </summary>
    public const string Login = Prelude + $$"""
        local session, lease = KEYS[4], tonumber(ARGV[2])
        local serial, incarnation = find(session)
        if serial and incarnation > ARGV[1] then return 0 end
        if serial and incarnation == ARGV[1] then
            redis.call('ZADD', leases, text(now + lease), serial)
            redis.call('PEXPIRE', session, text(lease + {{KeyOutlivesMs}}))
            return 1
        end
        if serial then finish(serial) end
        local new = text(redis.call('INCR', KEYS[3]))
        redis.call('ZADD', leases, text(now + lease), new)
        redis.call('SET', session, new .. ' ' .. ARGV[1], 'PX', text(lease + {{KeyOutlivesMs}}))
        return 1
        """;

    /// <summary>Keys: leases, ended, session. Arguments: incarnation, lease in ms. Answers 1, or 0 when gone.</summary>
    public const string KeepAlive = Prelude + $$"""
        local serial, incarnation = find(KEYS[3])
        if not serial or incarnation ~= ARGV[1] then return 0 end
        redis.call('ZADD', leases, text(now + tonumber(ARGV[2])), serial)
        redis.call('PEXPIRE', KEYS[3], text(tonumber(ARGV[2]) + {{KeyOutlivesMs}}))
        return 1
        """;

    /// <summary>Keys: leases, ended, session. Arguments: incarnation. Ends a session of this incarnation or an older one.</summary>
    public const string Logout = Prelude + """
        local serial, incarnation = find(KEYS[3])
        if serial and incarnation <= ARGV[1] then
            finish(serial)
            redis.call('DEL', KEYS[3])
        end
        return 1
        """;

    /// <summary>
    /// Keys: leases, ended, session. Arguments: incarnation, most postings, then for each file: content id, words, posting without serial.
    /// Answers 1, or 0 when gone.
    /// </summary>
    public const string Share = Prelude + """
        local serial, incarnation = find(KEYS[3])
        if not serial or incarnation ~= ARGV[1] then return 0 end
        local files, most = prefix .. 'files:' .. serial, tonumber(ARGV[2])
        local count = redis.call('ZCARD', files)
        for i = 3, #ARGV, 3 do
            if count >= most then break end
            local content, words, posting = ARGV[i], ARGV[i + 1], ARGV[i + 2] .. '\1' .. serial
            if redis.call('ZADD', files, '0', content .. '\1' .. words .. '\1' .. posting) == 1 then
                count = count + 1
                redis.call('ZADD', prefix .. 'contents', '0', content)
                redis.call('ZADD', prefix .. 'content:' .. content, '0', posting)
                for word in string.gmatch(words, '[^ ]+') do redis.call('ZADD', prefix .. 'word:' .. word, '0', posting) end
            end
        end
        return 1
        """;

    /// <summary>Keys: leases, ended, session. Arguments: incarnation, content ids. Answers 1, or 0 when gone.</summary>
    public const string Unshare = Prelude + """
        local serial, incarnation = find(KEYS[3])
        if not serial or incarnation ~= ARGV[1] then return 0 end
        local files = prefix .. 'files:' .. serial
        for i = 2, #ARGV do
            for _, entry in ipairs(redis.call('ZRANGEBYLEX', files, '[' .. ARGV[i] .. '\1', '(' .. ARGV[i] .. '\2')) do
                take(files, entry)
            end
        end
        return 1
        """;

    /// <summary>Keys: leases, ended. Arguments: most sessions. Marks sessions whose lease is over as ended; answers how many.</summary>
    public const string Expire = Prelude + """
        local serials = redis.call('ZRANGEBYSCORE', leases, '-inf', text(now), 'LIMIT', '0', ARGV[1])
        for _, serial in ipairs(serials) do finish(serial) end
        return #serials
        """;

    /// <summary>Keys: leases, ended. Arguments: serial of an ended session, most postings. Frees postings; answers how many.</summary>
    public const string Sweep = Prelude + """
        local files = prefix .. 'files:' .. ARGV[1]
        local entries = redis.call('ZRANGE', files, '0', text(tonumber(ARGV[2]) - 1))
        for _, entry in ipairs(entries) do take(files, entry) end
        if redis.call('ZCARD', files) == 0 then redis.call('SREM', ended, ARGV[1]) end
        return #entries
        """;
}
