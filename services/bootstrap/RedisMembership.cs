using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Options;
using P2PCloud.Bootstrap.Redis;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Boot;
using P2PCloud.Overlays.Common;
using StackExchange.Redis;

namespace P2PCloud.Bootstrap;

/// <summary>
/// The registrations of BOOT in Redis: what <see cref="Overlays.Boot.BootServer"/> does in memory, for any number of replicas. Calls fail
/// with <see cref="RedisConnectionException"/> or <see cref="RedisTimeoutException"/> when Redis does not answer.
/// </summary>
public sealed class RedisMembership(IConnectionMultiplexer redis, IRandom random, IOptions<BootstrapOptions> options)
{
    private readonly Lock _randomLock = new();
    private readonly IDatabase _database = redis.GetDatabase();
    private readonly BootstrapOptions _options = options.Value;

    private int LeaseMs => (int)_options.Lease.TotalMilliseconds;

    /// <summary>Enters a node or replaces its entry; decides who creates the overlay.</summary>
    public async Task<RegisterReply> RegisterAsync(RegisterRequest request, CancellationToken cancellationToken)
    {
        var lease = LeaseName.Of(request);
        var contacts = Math.Clamp(request.Contacts, 0, _options.ContactsMax);
        var json = JsonSerializer.Serialize(request.Node, ContractsJsonContext.Default.NodeRef);
        RedisValue[] arguments = [lease.Node, json, Sortable(lease.Incarnation), request.Joined, LeaseMs, contacts, .. Draws(contacts + 1)];
        var answer = (RedisValue[])(await EvaluateAsync(MembershipScripts.Register, lease.Overlay, arguments, cancellationToken))!;
        return answer is [var creator, .. var nodes]
            ? new RegisterReply(lease.ToString(), LeaseMs, (bool)creator, [.. nodes.Select(ParseNode)])
            : new RegisterReply(null, 0, false, []);
    }

    /// <summary>Extends a lease by its full length.</summary>
    public async Task<RenewReply> RenewAsync(RenewRequest request, CancellationToken cancellationToken)
    {
        if (LeaseName.Parse(request.LeaseId) is not { } lease)
        {
            return new RenewReply(true, 0);
        }

        RedisValue[] arguments = [lease.Node, Sortable(lease.Incarnation), LeaseMs, request.Joined];
        var held = (bool)await EvaluateAsync(MembershipScripts.Renew, lease.Overlay, arguments, cancellationToken);
        return held ? new RenewReply(false, LeaseMs) : new RenewReply(true, 0);
    }

    /// <summary>Ends a lease; one that has ended already stays so.</summary>
    public async Task<Ack> LeaveAsync(LeaveRequest request, CancellationToken cancellationToken)
    {
        if (LeaseName.Parse(request.LeaseId) is { } lease)
        {
            await EvaluateAsync(MembershipScripts.Leave, lease.Overlay, [lease.Node, Sortable(lease.Incarnation)], cancellationToken);
        }

        return Ack.Instance;
    }

    /// <summary>Draws live, joined members uniformly and without replacement, and says which of the missing are such.</summary>
    public async Task<SampleReply> SampleAsync(SampleRequest request, CancellationToken cancellationToken)
    {
        var count = Math.Clamp(request.Count, 0, _options.SampleMax);
        List<RedisValue> excluded = [.. request.Exclude.Distinct(StringComparer.Ordinal)];
        List<RedisValue> missing = [.. (request.Missing ?? []).Distinct(StringComparer.Ordinal).Take(_options.SampleMax)];
        RedisValue[] arguments = [count, excluded.Count, missing.Count, .. excluded, .. missing, .. Draws(count + excluded.Count)];
        var answer = (RedisValue[])(await EvaluateAsync(MembershipScripts.Contacts, request.Overlay, arguments, cancellationToken))!;
        var live = (int)answer[0];
        return new SampleReply(
            [.. answer.Skip(1 + live).Select(ParseNode)],
            request.Missing is null ? null : [.. answer.Skip(1).Take(live).Select(name => (string)name!)]);
    }

    /// <summary>Lists all live entries by name.</summary>
    public async Task<MembersReply> MembersAsync(MembersRequest request, CancellationToken cancellationToken)
    {
        var answer = (RedisValue[])(await EvaluateAsync(MembershipScripts.Members, request.Overlay, [], cancellationToken))!;
        var joined = (int)answer[0];
        var members = answer.Skip(1).Select((json, index) => new Member(ParseNode(json), index < joined));
        return new MembersReply([.. members.OrderBy(member => member.Node.Name, StringComparer.Ordinal)]);
    }

    private Task<RedisResult> EvaluateAsync(string script, string overlay, RedisValue[] arguments, CancellationToken cancellationToken)
    {
        var prefix = $"{{p2p:boot:{overlay}}}:";
        RedisKey[] keys = [prefix + "joined", prefix + "waiting", prefix + "nodes", prefix + "incarnations", prefix + "claim"];
        return _database.ScriptEvaluateAsync(script, keys, arguments).WaitAsync(cancellationToken);
    }

    /// <summary>Random numbers of 53 bits, the most that a Lua number holds.</summary>
    private RedisValue[] Draws(int count)
    {
        lock (_randomLock)
        {
            return [.. Enumerable.Range(0, count).Select(_ => (RedisValue)(long)(random.NextBits() >> 11))];
        }
    }

    /// <summary>20 digits whose order as text is the order of the numbers.</summary>
    private static string Sortable(long incarnation) => ((ulong)incarnation ^ (1UL << 63)).ToString("d20", CultureInfo.InvariantCulture);

    private static NodeRef ParseNode(RedisValue json) =>
        JsonSerializer.Deserialize((string)json!, ContractsJsonContext.Default.NodeRef)
        ?? throw new InvalidDataException("A node in Redis is null.");
}
