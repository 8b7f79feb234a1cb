using System.Collections.ObjectModel;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Boot;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Overlays.Boot;

/// <summary>How a node deals with BOOT.</summary>
public sealed record BootParameters
{
    /// <summary>Where BOOT is.</summary>
    public required NodeRef Bootstrap { get; init; }

    /// <summary>Grows with each start of the process, for example its start time in milliseconds.</summary>
    public required long Incarnation { get; init; }

    /// <summary>How long a call may take.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>First delay before a failed call is made again; it doubles up to <see cref="RetryMax"/>.</summary>
    public TimeSpan RetryMin { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Longest delay before a failed call is made again.</summary>
    public TimeSpan RetryMax { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Members that were heard of last before this start, by overlay (<see cref="OverlayNames"/>), the newest first.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<NodeRef>> Contacts { get; init; } = ReadOnlyDictionary<string, IReadOnlyList<NodeRef>>.Empty;

    /// <summary>Members of an overlay that are remembered at most, at least 1.</summary>
    public int ContactsMax { get; init; } = 32;

    /// <summary>Calls without an answer after which a node joins through the members that it remembers, at least 1.</summary>
    public int TriesMax { get; init; } = 3;
}

/// <summary>
/// A node's registration with BOOT in one overlay: register, renew at a third of the lease with 10 % jitter, register again when the
/// lease is gone, sample, leave. Part of an engine. With BOOT down it keeps trying with a growing delay, and the overlay goes on: a node
/// joins through the members that it remembers, of which one must vouch for the overlay, and it is never made the creator.
/// </summary>
public sealed class BootSession
{
    private const double Jitter = 0.1;

    private readonly Engine _engine;
    private readonly string _overlay;
    private readonly NodeRef _node;
    private readonly BootParameters _parameters;
    private readonly ContactList _contacts;
    private string? _leaseId;
    private long _renewal;
    private bool _joined;
    private bool _ended;

    /// <summary>A session that has not begun.</summary>
    /// <param name="engine">Whose calls and timers are used.</param>
    /// <param name="overlay">One of <see cref="OverlayNames"/>.</param>
    /// <param name="node">The node that is registered.</param>
    /// <param name="parameters">See there.</param>
    public BootSession(Engine engine, string overlay, NodeRef node, BootParameters parameters)
    {
        _engine = engine;
        _overlay = overlay;
        _node = node;
        _parameters = parameters;
        _contacts = new ContactList(parameters.ContactsMax);
        _contacts.Remember(parameters.Contacts.GetValueOrDefault(overlay, []).Where(contact => contact != node));
    }

    /// <summary>The members heard of last, the newest first.</summary>
    public IReadOnlyList<NodeRef> Contacts => _contacts.Nodes;

    /// <summary>
    /// Registers as a node that wants to join, and calls back with contacts, or the order to create the overlay. When BOOT does not answer
    /// <see cref="BootParameters.TriesMax"/> times, a node that remembers members is given some of them, without a lease and never as the
    /// creator; one that remembers nobody goes on asking.
    /// </summary>
    public void Join(int contacts, Action<RegisterReply> done)
    {
        _joined = false;
        Register(contacts, 1, _parameters.RetryMin, done);
    }

    /// <summary>
    /// Tells BOOT that the node is a member now and may be given to others; repeats until BOOT answers. Calls back once, when it has
    /// answered or has not <see cref="BootParameters.TriesMax"/> times: the node is a member all the same.
    /// </summary>
    public void Joined(Action? done = null)
    {
        _joined = true;
        Register(0, 1, _parameters.RetryMin, _ =>
        {
            done?.Invoke();
            done = null;
        });
    }

    /// <summary>Asks for other members. Members that are remembered when BOOT does not answer; an empty list when it knows of none.</summary>
    public void Sample(int count, IEnumerable<string> exclude, Action<IReadOnlyList<NodeRef>> done)
    {
        var excluded = exclude.Append(_node.Name).ToHashSet(StringComparer.Ordinal);
        Ask(count, excluded, nodes => done(nodes ?? Remembered(count, excluded)));
    }

    /// <summary>
    /// Asks for other members, as <see cref="Sample"/> does, and which of the nodes that are missing have a lease. Null in place of the latter
    /// when BOOT does not answer, or does not know this node itself, so that what it does not know says nothing.
    /// </summary>
    public void Check(int count, IReadOnlyList<NodeRef> missing, Action<IReadOnlyList<NodeRef>, IReadOnlySet<string>?> done) =>
        Ask(count, [], missing.Count == 0 ? null : [_node.Name, .. missing.Select(node => node.Name)], reply => done(
            reply?.Nodes ?? Remembered(count, [_node.Name]),
            reply?.Live?.Contains(_node.Name) is true ? reply.Live.ToHashSet(StringComparer.Ordinal) : null));

    /// <summary>Asks for other members; null when BOOT does not answer.</summary>
    public void Ask(int count, IEnumerable<string> exclude, Action<IReadOnlyList<NodeRef>?> done) =>
        Ask(count, exclude, null, reply => done(reply?.Nodes));

    /// <summary>Remembers members that were learnt from others than BOOT, in this process and beyond it.</summary>
    public void Remember(IEnumerable<NodeRef> nodes)
    {
        List<NodeRef> before = [.. _contacts.Nodes];
        _contacts.Remember(nodes.Where(node => node != _node));
        if (!_contacts.Nodes.SequenceEqual(before))
        {
            _engine.Remember(_overlay, [.. _contacts.Nodes]);
        }
    }

    /// <summary>Ends the lease. Calls back when BOOT has answered, or has not in time.</summary>
    public void Leave(Action done)
    {
        _ended = true;
        _engine.Cancel(_renewal);
        if (_leaseId is null)
        {
            done();
            return;
        }

        _engine.Call(_parameters.Bootstrap, new LeaveRequest(_leaseId), _parameters.CallTimeout, _ => done());
        _leaseId = null;
    }

    private void Ask(int count, IEnumerable<string> exclude, IReadOnlyList<string>? missing, Action<SampleReply?> done) => _engine.Call(
        _parameters.Bootstrap,
        new SampleRequest(_overlay, count, [.. exclude.Append(_node.Name).Distinct().Order(StringComparer.Ordinal)], missing),
        _parameters.CallTimeout,
        reply =>
        {
            Remember(reply?.Nodes ?? []);
            done(reply);
        });

    private List<NodeRef> Remembered(int count, HashSet<string> excluded) =>
        _engine.Random.Sample(_contacts.Nodes.Where(node => !excluded.Contains(node.Name)), count);

    private void Register(int contacts, int attempt, TimeSpan retry, Action<RegisterReply> done)
    {
        if (_ended)
        {
            return;
        }

        var request = new RegisterRequest(_overlay, _node, _parameters.Incarnation, _joined, contacts);
        _engine.Call(_parameters.Bootstrap, request, _parameters.CallTimeout, reply =>
        {
            if (_ended || request.Joined != _joined)
            {
                return;
            }

            if (reply?.LeaseId is null)
            {
                Unregistered(contacts, attempt, retry, done);
                return;
            }

            Remember(reply.Contacts);
            _leaseId = reply.LeaseId;
            RenewLater(TimeSpan.FromMilliseconds(reply.LeaseMs) / 3);
            done(reply);
        });
    }

    /// <summary>A member goes on until BOOT answers; a node that joins is given what is remembered, and joins again if nobody vouches.</summary>
    private void Unregistered(int contacts, int attempt, TimeSpan retry, Action<RegisterReply> done)
    {
        var enough = attempt >= _parameters.TriesMax;
        if (!enough || _joined || _contacts.Nodes.Count == 0)
        {
            _engine.After(_engine.Random.NextAround(retry, 0.5), () => Register(contacts, attempt + 1, Longer(retry), done));
        }

        if (enough && (_joined || _contacts.Nodes.Count > 0))
        {
            done(new RegisterReply(null, 0, false, Remembered(contacts, [_node.Name])));
        }
    }

    private void RenewLater(TimeSpan delay)
    {
        _engine.Cancel(_renewal);
        _renewal = _engine.After(_engine.Random.NextAround(delay, Jitter), Renew);
    }

    private void Renew()
    {
        if (_leaseId is not { } leaseId)
        {
            return;
        }

        _engine.Call(_parameters.Bootstrap, new RenewRequest(leaseId, _joined), _parameters.CallTimeout, reply =>
        {
            if (_ended || leaseId != _leaseId)
            {
                return;
            }

            if (reply is null)
            {
                RenewLater(_parameters.RetryMax / 2);
            }
            else if (reply.Gone)
            {
                Register(0, 1, _parameters.RetryMin, _ => { });
            }
            else
            {
                RenewLater(TimeSpan.FromMilliseconds(reply.LeaseMs) / 3);
            }
        });
    }

    private TimeSpan Longer(TimeSpan delay) => delay * 2 < _parameters.RetryMax ? delay * 2 : _parameters.RetryMax;
}
