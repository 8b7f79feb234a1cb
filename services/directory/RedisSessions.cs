using System.Globalization;
using Microsoft.Extensions.Options;
using P2PCloud.CentralDirectory.Redis;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Napster;
using P2PCloud.Overlays.Common;
using StackExchange.Redis;

namespace P2PCloud.CentralDirectory;

/// <summary>
/// The sessions of peers and what they share, in Redis. A session that ends, by logout, by a newer login or with its lease, takes
/// all its postings out of every answer in the same instant; <see cref="SweepAsync"/> frees their memory afterwards. Calls fail
/// with <see cref="RedisConnectionException"/> or <see cref="RedisTimeoutException"/> when Redis does not answer.
/// </summary>
public sealed class RedisSessions(IConnectionMultiplexer redis, IOptions<DirectoryOptions> options)
{
    /// <summary>Files or contents that one script handles at most: about a millisecond of Redis' time.</summary>
    public const int BatchMax = 200;

    private readonly IDatabase _database = redis.GetDatabase();
    private readonly DirectoryOptions _options = options.Value;

    private int LeaseMs => (int)_options.Lease.TotalMilliseconds;

    /// <summary>Opens a session without files. Gone when a newer one lives.</summary>
    public async Task<SessionReply> LoginAsync(LoginRequest request, CancellationToken cancellationToken)
    {
        RedisKey[] keys = [DirectoryKeys.Leases, DirectoryKeys.Ended, DirectoryKeys.Serial, DirectoryKeys.Session(request.Peer)];
        RedisValue[] arguments = [Sortable(request.Incarnation), LeaseMs];
        return Reply((bool)await EvaluateAsync(SessionScripts.Login, keys, arguments, cancellationToken));
    }

    /// <summary>Extends a session by its full lease.</summary>
    public async Task<SessionReply> KeepAliveAsync(KeepAliveRequest request, CancellationToken cancellationToken) =>
        Reply(await ChangeAsync(SessionScripts.KeepAlive, request.Peer, request.Incarnation, [LeaseMs], cancellationToken));

    /// <summary>Ends a session of this incarnation or an older one.</summary>
    public async Task<Ack> LogoutAsync(LogoutRequest request, CancellationToken cancellationToken)
    {
        await ChangeAsync(SessionScripts.Logout, request.Peer, request.Incarnation, [], cancellationToken);
        return Ack.Instance;
    }

    /// <summary>Adds files to the index.</summary>
    public Task<SessionReply> ShareAsync(ShareRequest request, CancellationToken cancellationToken) =>
        InBatchesAsync(request.Files, batch => ChangeAsync(
            SessionScripts.Share,
            request.Peer,
            request.Incarnation,
            [_options.FilesPerPeerMax, .. batch.SelectMany(file => Describe(file, request.Peer))],
            cancellationToken));

    /// <summary>Takes contents out of the index, under all their names.</summary>
    public Task<SessionReply> UnshareAsync(UnshareRequest request, CancellationToken cancellationToken) =>
        InBatchesAsync(request.ContentIds, batch => ChangeAsync(
            SessionScripts.Unshare,
            request.Peer,
            request.Incarnation,
            [.. batch.Select(contentId => (RedisValue)OrderedText.Encode(contentId))],
            cancellationToken));

    /// <summary>Frees the memory of ended sessions. Any number of replicas may do so at once.</summary>
    /// <returns>Sessions whose lease was over, and postings freed.</returns>
    public async Task<(int Sessions, int Postings)> SweepAsync(CancellationToken cancellationToken)
    {
        RedisKey[] keys = [DirectoryKeys.Leases, DirectoryKeys.Ended];
        var (sessions, postings) = (0, 0);
        int expired;
        do
        {
            expired = (int)await EvaluateAsync(SessionScripts.Expire, keys, [BatchMax], cancellationToken);
            sessions += expired;
        }
        while (expired == BatchMax);

        await foreach (var serial in _database.SetScanAsync(DirectoryKeys.Ended).WithCancellation(cancellationToken))
        {
            int swept;
            do
            {
                swept = (int)await EvaluateAsync(SessionScripts.Sweep, keys, [serial, BatchMax], cancellationToken);
                postings += swept;
            }
            while (swept == BatchMax);
        }

        return (sessions, postings);
    }

    private Task<RedisResult> EvaluateAsync(string script, RedisKey[] keys, RedisValue[] arguments, CancellationToken cancellationToken) =>
        _database.ScriptEvaluateAsync(script, keys, arguments).WaitAsync(cancellationToken);

    private async Task<bool> ChangeAsync(
        string script, string peer, long incarnation, RedisValue[] arguments, CancellationToken cancellationToken)
    {
        RedisKey[] keys = [DirectoryKeys.Leases, DirectoryKeys.Ended, DirectoryKeys.Session(peer)];
        return (bool)await EvaluateAsync(script, keys, [Sortable(incarnation), .. arguments], cancellationToken);
    }

    private async Task<SessionReply> InBatchesAsync<T>(IReadOnlyList<T> items, Func<IReadOnlyList<T>, Task<bool>> change)
    {
        var live = true;
        foreach (var batch in items.Count == 0 ? [[]] : items.Chunk(BatchMax))
        {
            live = live && await change(batch);
        }

        return Reply(live);
    }

    private SessionReply Reply(bool live) => live ? new SessionReply(false, LeaseMs) : new SessionReply(true, 0);

    private static RedisValue[] Describe(SharedFile file, string peer) =>
    [
        OrderedText.Encode(file.ContentId),
        string.Join(' ', SearchTerms.Words(file.Name)),
        OrderedText.Encode(Posting.Of(file, peer)),
    ];

    /// <summary>20 digits whose order as text is the order of the numbers: a number in a script has 53 bits only.</summary>
    private static string Sortable(long incarnation) => ((ulong)incarnation ^ (1UL << 63)).ToString("d20", CultureInfo.InvariantCulture);
}
