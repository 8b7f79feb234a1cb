using System.Diagnostics;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Boot;
using P2PCloud.Contracts.Kazaa;
using P2PCloud.Overlays.Boot;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Overlays.Kazaa;

/// <summary>
/// The group leader that an ordinary peer may become, at <see cref="KazaaNodes.LeaderAt"/>. It leads when the peer's child finds no
/// leader with room and a look at those that BOOT names, after a random time, confirms it; it steps down when it is not needed any more.
/// The rules are <see cref="PromotionPolicy"/>'s.
/// </summary>
public sealed class KazaaCandidate : Engine
{
    private const double ReviewJitter = 0.5;

    private readonly BootParameters _boot;
    private readonly KazaaParameters _parameters;
    private readonly PromotionParameters _promotion;
    private GroupLeader? _term;
    private DateTimeOffset _upSince;
    private DateTimeOffset _busyAt;
    private bool _electing;
    private bool _left;

    /// <summary>A peer that does not lead.</summary>
    /// <param name="self">From <see cref="KazaaNodes.LeaderAt"/>.</param>
    /// <param name="random">This node's chance.</param>
    /// <param name="boot">How to deal with BOOT.</param>
    /// <param name="parameters">With <see cref="KazaaParameters.Promotion"/>.</param>
    /// <exception cref="ArgumentException">The parameters do not let the peer lead.</exception>
    public KazaaCandidate(NodeRef self, IRandom random, BootParameters boot, KazaaParameters parameters)
        : base(self, random)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        _boot = boot;
        _parameters = parameters;
        _promotion = parameters.Promotion ?? throw new ArgumentException("The peer must not lead.", nameof(parameters));
    }

    /// <inheritdoc/>
    protected override void OnStart() => _upSince = Now;

    /// <inheritdoc/>
    protected override void OnRequest(Input.Request request)
    {
        if (request.Body is StandRequest)
        {
            if (request.From.App == Self.App)
            {
                Stand();
            }

            Respond(request.RequestId, new StandReply(_electing || _term is not null));
        }
        else if (_term is { } term)
        {
            term.Handle(request);
        }
        else
        {
            Respond(request.RequestId, Stranger.Answer(Self, request.Body));
        }
    }

    /// <inheritdoc/>
    protected override void OnCommand(long commandId, ICommand command)
    {
        switch (command)
        {
            case LeaveCommand leave when _term is { } term:
                _left = true;
                term.Leave(() => Complete(commandId, leave, Done.Yes));
                break;
            case LeaveCommand leave:
                _left = true;
                Complete(commandId, leave, Done.Yes);
                break;
            case KazaaCandidateStatusCommand status:
                Complete(commandId, status, new KazaaCandidateStatus(_term?.Standing ?? LeaderStanding.None, _term?.Status()));
                break;
            default:
                throw new UnreachableException();
        }
    }

    private void Stand()
    {
        if (!_left && !_electing && _term is null && Now - _upSince >= _promotion.UptimeMin)
        {
            _electing = true;
            After(_promotion.ElectionJitter * Random.NextUnit(), Look);
        }
    }

    /// <summary>Asks BOOT for the leaders, those about to lead among them, and some of these for their workload.</summary>
    private void Look() => Call(_boot.Bootstrap, new MembersRequest(OverlayNames.KazaaLeaders), _boot.CallTimeout, reply =>
    {
        if (reply is null)
        {
            // Who cannot register cannot lead either.
            _electing = false;
            return;
        }

        var nodes = Random.Sample(reply.Members.Select(member => member.Node).Where(node => node != Self), _promotion.Probes);
        var answers = new List<LeaderProbeReply>();
        var pending = nodes.Count;
        if (pending == 0)
        {
            Decide(answers);
        }

        foreach (var node in nodes)
        {
            Call(node, new LeaderProbeRequest(), _parameters.ProbeTimeout, answer =>
            {
                if (answer is not null)
                {
                    answers.Add(answer);
                }

                if (--pending == 0)
                {
                    Decide(answers);
                }
            });
        }
    });

    private void Decide(IReadOnlyList<LeaderProbeReply> answers)
    {
        _electing = false;
        if (!_left && PromotionPolicy.ShallLead(new ElectionView(Now - _upSince, answers), _promotion))
        {
            var term = new GroupLeader(this, _boot, _parameters, promoted: true);
            _term = term;
            _busyAt = Now;
            term.Start();
            ReviewLater(term);
        }
    }

    private void ReviewLater(GroupLeader term) =>
        After(Random.NextAround(_promotion.ReviewInterval, ReviewJitter), () => Review(term));

    private void Review(GroupLeader term)
    {
        if (_left)
        {
            return;
        }

        var children = term.Status().Children.Count;
        _busyAt = children > 0 ? Now : _busyAt;
        if (PromotionPolicy.ShallStepDown(new TermView(Self.Name, term.Term, children, Now - _busyAt, term.Others), _promotion))
        {
            term.Leave(() => _term = null);
        }
        else
        {
            ReviewLater(term);
        }
    }
}
