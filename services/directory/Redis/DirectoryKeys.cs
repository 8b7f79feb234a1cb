using StackExchange.Redis;

namespace P2PCloud.CentralDirectory.Redis;

/// <summary>
/// Names of the directory's keys. They share a hash slot, as the scripts reach several of them. A session has a serial number; a
/// posting belongs to a session, so that ending the session takes all its postings out of every answer at once.
/// </summary>
internal static class DirectoryKeys
{
    /// <summary>Common beginning.</summary>
    public const string Prefix = "{p2p:directory}:";

    /// <summary>Sorted set: serial number of a session by the millisecond at which its lease ends. Every script names it first.</summary>
    public static RedisKey Leases { get; } = Prefix + "leases";

    /// <summary>Set: serial numbers of ended sessions that still hold memory.</summary>
    public static RedisKey Ended { get; } = Prefix + "ended";

    /// <summary>Counter: the last serial number.</summary>
    public static RedisKey Serial { get; } = Prefix + "serial";

    /// <summary>Sorted set: content ids that somebody shares, in ordinal order.</summary>
    public static RedisKey Contents { get; } = Prefix + "contents";

    /// <summary>String: serial number and incarnation of a peer's session.</summary>
    public static RedisKey Session(string peer) => Prefix + "session:" + peer;

    /// <summary>Sorted set: postings whose names contain a word, in the common order.</summary>
    public static RedisKey Word(string word) => Prefix + "word:" + word;

    /// <summary>Sorted set: postings of a content, in the common order.</summary>
    public static RedisKey Content(byte[] contentId) => ((RedisKey)(Prefix + "content:")).Append(contentId);
}
