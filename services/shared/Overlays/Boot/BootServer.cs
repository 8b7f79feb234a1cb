using System.Globalization;
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
    private readonly Register _register = new();
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
        _register.Expire(Now);
        Respond(request.RequestId, request.Body switch
        {
            RegisterRequest register => Register(register),
            RenewRequest renew => Renew(renew),
            SampleRequest sample => new SampleReply(
                Sample(sample.Overlay, sample.Count, sample.Exclude),
                sample.Missing is { } missing ? [.. missing.Where(name => _register.Find(sample.Overlay, name) is { Joined: true })] : null),
            LeaveRequest leave => Leave(leave),
            ReportRequest => Ack.Instance,
            MembersRequest members => new MembersReply([.. _register.Of(members.Overlay).Select(entry => new Member(entry.Node, entry.Joined))]),
            _ => throw new System.Diagnostics.UnreachableException(),
        });
    }

    private RegisterReply Register(RegisterRequest request)
    {
        var old = _register.Find(request.Overlay, request.Node.Name);
        if (old?.Incarnation > request.Incarnation)
        {
            return new RegisterReply(null, 0, false, []);
        }

        // A node that has joined stays joined until it starts again: a request from before may come late, or twice.
        var joined = request.Joined || (old?.Incarnation == request.Incarnation && old.Joined);
        _register.Set(new RegisterEntry(request.Overlay, request.Node, request.Incarnation, joined, Now + lease));
        var contacts = Sample(request.Overlay, request.Contacts, [request.Node.Name]);
        return new RegisterReply($"{request.Overlay}|{request.Node.Name}|{request.Incarnation}", (int)lease.TotalMilliseconds, Claims(request), contacts);
    }

    private bool Claims(RegisterRequest request)
    {
        if (request.Joined || _register.CountJoined(request.Overlay) > 0)
        {
            return false;
        }

        if (_claims.TryGetValue(request.Overlay, out var claimant) && _register.Find(request.Overlay, claimant) is not null)
        {
            return claimant == request.Node.Name;
        }

        _claims[request.Overlay] = request.Node.Name;
        return true;
    }

    private RenewReply Renew(RenewRequest request)
    {
        if (Find(request.LeaseId) is not { } entry || (request.Joined && !entry.Joined))
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
            _register.Remove(entry.Overlay, entry.Node.Name);
        }

        return Ack.Instance;
    }

    private RegisterEntry? Find(string leaseId) =>
        leaseId.Split('|') is [var overlay, var name, var incarnation]
        && _register.Find(overlay, name) is { } entry
        && entry.Incarnation.ToString(CultureInfo.InvariantCulture) == incarnation
            ? entry
            : null;

    private List<NodeRef> Sample(string overlay, int count, IReadOnlyList<string> exclude) => _register.Sample(Random, overlay, count, exclude);
}
