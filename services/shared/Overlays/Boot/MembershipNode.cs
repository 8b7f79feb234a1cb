using System.Diagnostics;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Boot;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Overlays.Boot;

/// <summary>Says that this node is ready: from now on BOOT names it as one through which lookups can enter.</summary>
public sealed record AnnounceCommand : ICommand<Done>;

/// <summary>Asks for the node's view of the other peers.</summary>
public sealed record ViewCommand : ICommand<ViewState>;

/// <summary>A node's view: each peer once, never itself.</summary>
public sealed record ViewState(IReadOnlyList<ViewEntry> Entries);

/// <summary>
/// A peer's entry in the overlay of all peers: registered from the start, so that everybody can see it, and announced when it is
/// ready to be used. It exchanges part of its view with other peers, so that it knows some that live with BOOT down too.
/// </summary>
public sealed class MembershipNode : Engine
{
    private const double Jitter = 0.2;

    private readonly BootParameters _boot;
    private readonly PeerSamplingParameters _parameters;
    private readonly BootSession _session;
    private readonly PeerSampling _sampling;
    private DateTimeOffset _nextSeed;
    private bool _announced;
    private bool _left;

    /// <summary>A node that is not registered yet.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A parameter of the sampling is out of its range.</exception>
    public MembershipNode(NodeRef self, IRandom random, BootParameters boot, PeerSamplingParameters? sampling = null)
        : base(self, random)
    {
        _boot = boot;
        _parameters = sampling ?? new PeerSamplingParameters();
        _session = new BootSession(this, OverlayNames.Peers, self, boot);
        _sampling = new PeerSampling(this, _parameters, RememberView);
    }

    /// <summary>The view: each peer once, never this one.</summary>
    public IReadOnlyList<ViewEntry> View => _sampling.View;

    /// <inheritdoc/>
    protected override void OnStart()
    {
        Register();
        ShuffleLater(Random.NextUnit() * _parameters.Period);
    }

    /// <inheritdoc/>
    protected override void OnRequest(Input.Request request)
    {
        ArgumentNullException.ThrowIfNull(request);
        Respond(request.RequestId, request.Body switch
        {
            ShuffleRequest when _left => new ShuffleReply([]),
            ShuffleRequest shuffle => _sampling.Answer(shuffle),
            _ => throw new UnreachableException(),
        });
    }

    /// <inheritdoc/>
    protected override void OnCommand(long commandId, ICommand command)
    {
        switch (command)
        {
            case AnnounceCommand announce:
                _announced = true;
                _session.Joined();
                Complete(commandId, announce, Done.Yes);
                break;
            case ViewCommand view:
                Complete(commandId, view, new ViewState([.. _sampling.View]));
                break;
            case LeaveCommand leave:
                _left = true;
                _sampling.Clear();
                _session.Leave(() => Complete(commandId, leave, Done.Yes));
                break;
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>Without a lease, contacts are those remembered: the node begins with them, and goes on to register.</summary>
    private void Register()
    {
        if (_announced || _left)
        {
            return;
        }

        _session.Join(_parameters.ViewSize, reply =>
        {
            if (_left)
            {
                return;
            }

            _sampling.Seed(reply.Contacts);
            if (reply.LeaseId is null)
            {
                After(Random.NextAround(_boot.RetryMax, Jitter), Register);
            }
        });
    }

    private void RememberView() => _session.Remember(_sampling.View.OrderBy(entry => entry.Age).Select(entry => entry.Node));

    private void ShuffleLater(TimeSpan delay) => After(delay, () =>
    {
        if (_left)
        {
            return;
        }

        if (_sampling.View.Count < _parameters.ShuffleLength || Now >= _nextSeed)
        {
            SeedFromBoot();
        }

        _sampling.Shuffle();
        ShuffleLater(Random.NextAround(_parameters.Period, Jitter));
    });

    /// <summary>A node with few entries asks for many. One with nobody left tries those that it remembers when BOOT does not answer.</summary>
    private void SeedFromBoot()
    {
        _nextSeed = Now + Random.NextAround(_parameters.ReseedInterval, Jitter);
        var wanted = _sampling.View.Count < _parameters.ShuffleLength ? _parameters.ViewSize : 1;
        List<string> known = [.. _sampling.View.Select(entry => entry.Node.Name)];
        if (known.Count == 0)
        {
            _session.Sample(wanted, known, Seed);
        }
        else
        {
            _session.Ask(wanted, known, nodes => Seed(nodes ?? []));
        }
    }

    private void Seed(IReadOnlyList<NodeRef> nodes)
    {
        if (!_left)
        {
            _sampling.Seed(nodes);
        }
    }
}
