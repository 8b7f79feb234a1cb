using P2PCloud.Contracts;
using P2PCloud.Contracts.Boot;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Overlays.Boot;

/// <summary>
/// BOOT as a state machine in memory: the reference for the service, which keeps the same state in Redis, and the bootstrap node of
/// simulations. Leases end by this engine's clock; exactly one node of an overlay without joined members is its creator.
/// </summary>
public sealed class BootServer(NodeRef self, IRandom random, TimeSpan lease) : Engine(self, random)
{
    private readonly SortedDictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _claims = [];

    /// <inheritdoc/>
    protected override void OnStart()
    {
    }

    /// <inheritdoc/>
    protected override void OnCommand(long commandId, ICommand command) => throw new System.Diagnostics.UnreachableException();

    /// <inheritdoc/>
    protected override void OnRequest(Input.Request request)
    {
        foreach (var ended in _entries.Where(entry => entry.Value.Expiry <= Now).Select(entry => entry.Key).ToList())
        {
            _entries.Remove(ended);
        }

        Respond(request.RequestId, request.Body switch
        {
            RegisterRequest register => Register(register),
            RenewRequest renew => Renew(renew),
            SampleRequest sample => new SampleReply(Sample(sample.Overlay, sample.Count, sample.Exclude)),
            LeaveRequest leave => Leave(leave),
            ReportRequest => Ack.Instance,
            MembersRequest members => new MembersReply([.. Live(members.Overlay).Select(entry => new Member(entry.Node, entry.Joined))]),
            _ => throw new System.Diagnostics.UnreachableException(),
        });
    }

    private RegisterReply Register(RegisterRequest request)
    {
        var key = Key(request.Overlay, request.Node.Name);
        if (_entries.TryGetValue(key, out var old) && old.Incarnation > request.Incarnation)
        {
            return new RegisterReply(null, 0, false, []);
        }

        // A node that has joined stays joined until it starts again: a request from before may come late, or twice.
        var joined = request.Joined || (old?.Incarnation == request.Incarnation && old.Joined);
        _entries[key] = new Entry(request.Overlay, request.Node, request.Incarnation, joined, Now + lease);
        var contacts = Sample(request.Overlay, request.Contacts, [request.Node.Name]);
        return new RegisterReply($"{key}|{request.Incarnation}", (int)lease.TotalMilliseconds, Claims(request), contacts);
    }

    private bool Claims(RegisterRequest request)
    {
        if (request.Joined || Live(request.Overlay).Any(entry => entry.Joined))
        {
            return false;
        }

        if (_claims.TryGetValue(request.Overlay, out var claimant) && _entries.ContainsKey(Key(request.Overlay, claimant)))
        {
            return claimant == request.Node.Name;
        }

        _claims[request.Overlay] = request.Node.Name;
        return true;
    }

    private RenewReply Renew(RenewRequest request)
    {
        if (Find(request.LeaseId) is not { } entry)
        {
            return new RenewReply(true, 0);
        }

        entry.Expiry = Now + lease;
        return new RenewReply(false, (int)lease.TotalMilliseconds);
    }

    private Ack Leave(LeaveRequest request)
    {
        if (Find(request.LeaseId) is { } entry)
        {
            _entries.Remove(Key(entry.Overlay, entry.Node.Name));
        }

        return Ack.Instance;
    }

    private Entry? Find(string leaseId)
    {
        var cut = leaseId.LastIndexOf('|');
        return cut > 0 && _entries.TryGetValue(leaseId[..cut], out var entry) && $"{entry.Incarnation}" == leaseId[(cut + 1)..] ? entry : null;
    }

    private List<NodeRef> Sample(string overlay, int count, IReadOnlyList<string> exclude) =>
        Random.Sample(Live(overlay).Where(entry => entry.Joined && !exclude.Contains(entry.Node.Name)).Select(entry => entry.Node), count);

    private IEnumerable<Entry> Live(string overlay) => _entries.Values.Where(entry => entry.Overlay == overlay);

    private static string Key(string overlay, string name) => $"{overlay}|{name}";

    private sealed class Entry(string overlay, NodeRef node, long incarnation, bool joined, DateTimeOffset expiry)
    {
        public string Overlay { get; } = overlay;

        public NodeRef Node { get; } = node;

        public long Incarnation { get; } = incarnation;

        public bool Joined { get; } = joined;

        public DateTimeOffset Expiry { get; set; } = expiry;
    }
}
