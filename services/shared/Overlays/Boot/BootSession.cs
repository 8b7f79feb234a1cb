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
}

/// <summary>
/// A node's registration with BOOT in one overlay: register, renew at a third of the lease with 10 % jitter, register again when the
/// lease is gone, sample, leave. Part of an engine. With BOOT down it keeps trying with a growing delay, and the overlay goes on.
/// </summary>
public sealed class BootSession
{
    private const double Jitter = 0.1;

    private readonly Engine _engine;
    private readonly string _overlay;
    private readonly NodeRef _node;
    private readonly BootParameters _parameters;
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
    }

    /// <summary>Registers as a node that wants to join, and calls back with contacts, or the order to create the overlay; repeats until BOOT answers.</summary>
    public void Join(int contacts, Action<RegisterReply> done)
    {
        _joined = false;
        Register(contacts, _parameters.RetryMin, done);
    }

    /// <summary>Tells BOOT that the node is a member now and may be given to others; repeats until BOOT answers.</summary>
    public void Joined(Action? done = null)
    {
        _joined = true;
        Register(0, _parameters.RetryMin, _ => done?.Invoke());
    }

    /// <summary>Asks for other members. An empty list when BOOT does not answer.</summary>
    public void Sample(int count, IEnumerable<string> exclude, Action<IReadOnlyList<NodeRef>> done) =>
        _engine.Call(
            _parameters.Bootstrap,
            new SampleRequest(_overlay, count, [.. exclude.Append(_node.Name).Distinct().Order(StringComparer.Ordinal)]),
            _parameters.CallTimeout,
            reply => done(reply?.Nodes ?? []));

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

    private void Register(int contacts, TimeSpan retry, Action<RegisterReply> done)
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
                _engine.After(_engine.Random.NextAround(retry, 0.5), () => Register(contacts, Longer(retry), done));
                return;
            }

            _leaseId = reply.LeaseId;
            RenewLater(TimeSpan.FromMilliseconds(reply.LeaseMs) / 3);
            done(reply);
        });
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

        _engine.Call(_parameters.Bootstrap, new RenewRequest(leaseId), _parameters.CallTimeout, reply =>
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
                Register(0, _parameters.RetryMin, _ => { });
            }
            else
            {
                RenewLater(TimeSpan.FromMilliseconds(reply.LeaseMs) / 3);
            }
        });
    }

    private TimeSpan Longer(TimeSpan delay) => delay * 2 < _parameters.RetryMax ? delay * 2 : _parameters.RetryMax;
}
