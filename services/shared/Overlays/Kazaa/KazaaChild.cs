using System.Diagnostics;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Kazaa;
using P2PCloud.Overlays.Boot;
using P2PCloud.Overlays.Common;
using P2PCloud.Overlays.Flooding;

namespace P2PCloud.Overlays.Kazaa;

/// <summary>
/// An ordinary peer: it has one group leader, which indexes its files and searches for it. When the leader dies or does not know it,
/// it attaches to another, with a newer epoch.
/// </summary>
public sealed class KazaaChild : Engine
{
    private const double RetryJitter = 0.5;

    private readonly KazaaParameters _parameters;
    private readonly BootSession _boot;
    private readonly Candidates _leaders;
    private readonly RemoteShare _share;
    private NodeRef? _leader;
    private TimeSpan _retry;
    private long _epoch;
    private bool _left;

    /// <summary>A peer without a leader.</summary>
    public KazaaChild(NodeRef self, IRandom random, BootParameters boot, KazaaParameters parameters)
        : base(self, random)
    {
        _parameters = parameters;
        _boot = new BootSession(this, OverlayNames.KazaaLeaders, self, boot);
        _leaders = new Candidates(parameters.TriedMax, parameters.LeadersMax);
        _share = new RemoteShare(this, new Port(this), parameters.Share);
        _retry = parameters.RetryMin;
        _epoch = boot.Incarnation;
    }

    /// <inheritdoc/>
    protected override void OnStart() => AskBoot();

    /// <inheritdoc/>
    protected override void OnRequest(Input.Request request) => throw new UnreachableException();

    /// <inheritdoc/>
    protected override void OnCommand(long commandId, ICommand command)
    {
        switch (command)
        {
            case SearchCommand search:
                Search(commandId, search);
                break;
            case ShareCommand share:
                _share.Share(share.Files, done => Complete(commandId, share, done));
                break;
            case UnshareCommand unshare:
                _share.Unshare([.. unshare.Files.Select(file => file.ContentId)], done => Complete(commandId, unshare, done));
                break;
            case LeaveCommand leave:
                Leave(() => Complete(commandId, leave, Done.Yes));
                break;
            case KazaaChildStatusCommand status:
                Complete(commandId, status, new KazaaChildStatus(Pending(), _leader, _epoch, _leaders.Known.Count, _share.Count));
                break;
            default:
                throw new UnreachableException();
        }
    }

    private string? Pending() =>
        _left ? "detached"
        : _leader is null ? "no group leader"
        : !_share.IsComplete ? "uploading files"
        : null;

    private void AskBoot()
    {
        if (!_left)
        {
            _boot.Sample(_parameters.Contacts, [], leaders =>
            {
                _leaders.Restart(leaders.Count > 0 ? leaders : KnownLeaders());
                TryNext();
            });
        }
    }

    private void TryNext()
    {
        if (_left)
        {
            return;
        }

        if (!_leaders.TryNext(out var leader))
        {
            After(Random.NextAround(_retry, RetryJitter), AskBoot);
            _retry = _retry * 2 < _parameters.RetryMax ? _retry * 2 : _parameters.RetryMax;
            return;
        }

        var epoch = ++_epoch;
        Call(leader, new AttachRequest(Self.App, epoch), _parameters.CallTimeout, reply =>
        {
            if (reply is { Accepted: true })
            {
                Attached(leader, epoch, reply);
                return;
            }

            if (reply is null)
            {
                _leaders.Forget(leader);
            }

            _leaders.Offer(reply?.Leaders ?? []);
            TryNext();
        });
    }

    private void Attached(NodeRef leader, long epoch, AttachReply reply)
    {
        if (_left)
        {
            Call(leader, new DetachRequest(Self.App, epoch), _parameters.CallTimeout, _ => { });
            return;
        }

        _leader = leader;
        _retry = _parameters.RetryMin;
        Remember([leader, .. reply.Leaders]);
        _boot.Remember([leader, .. reply.Leaders]);
        _share.Opened(TimeSpan.FromMilliseconds(reply.LeaseMs));
    }

    private List<NodeRef> KnownLeaders() => Random.Sample(_leaders.Known, _parameters.TriedMax);

    /// <summary>Looks for another leader, at a random time: its other children do so too.</summary>
    private void LoseLeader()
    {
        if (_leader is { } lost)
        {
            _leader = null;
            _leaders.Forget(lost);
            After(_parameters.ReattachJitter * Random.NextUnit(), () =>
            {
                _leaders.Restart(KnownLeaders());
                TryNext();
            });
        }
    }

    private void Remember(IReadOnlyList<NodeRef> leaders)
    {
        foreach (var leader in leaders)
        {
            _leaders.Remember(leader);
        }
    }

    private void Leave(Action done)
    {
        var leader = _leader;
        _left = true;
        _leader = null;
        _share.Close();
        if (leader is null)
        {
            done();
        }
        else
        {
            Call(leader, new DetachRequest(Self.App, _epoch), _parameters.CallTimeout, _ => done());
        }
    }

    private void Search(long commandId, SearchCommand search)
    {
        var lookupId = DescriptorId.FromRandomBits(Random.NextBits(), Random.NextBits()).ToString();
        if (_leader is not { } leader || search.Query.Length > SearchTerms.QueryLengthMax)
        {
            Complete(commandId, search, new SearchResult(lookupId, SearchOutcome.Failed, [], [], 0));
            return;
        }

        var sentAt = Now;
        var timeout = _parameters.Flood.StepTimeout * (_parameters.Ttl + 2);
        Call(leader, new ChildSearchRequest(lookupId, search.Query, search.Limit), timeout, reply =>
        {
            var hop = new Hop(Self.Name, leader.Name, false, ElapsedMs(sentAt));
            if (reply is null)
            {
                MarkFailed(new HopMark(Techniques.Kazaa, lookupId, 0, Self.Name, leader.Name), sentAt);
                Complete(commandId, search, new SearchResult(
                    lookupId, SearchOutcome.Failed, [], [hop with { Outcome = HopOutcomes.Unreachable }], 1));
                Abandon(leader);
                return;
            }

            hop = hop with { Children = reply.Hops.Count > 0 ? reply.Hops : null };
            var outcome = FloodResult.IsWhole(hop) ? SearchOutcome.Complete : SearchOutcome.Partial;
            Complete(commandId, search, new SearchResult(
                lookupId, outcome, reply.Postings.InCommonOrder(search.Limit), [hop], reply.Messages + 2));
        });
    }

    private void Abandon(NodeRef leader)
    {
        if (leader == _leader)
        {
            _share.Close();
            LoseLeader();
        }
    }

    /// <summary>KaZaA's messages for the component that does not know them.</summary>
    private sealed class Port(KazaaChild child) : IIndexPort
    {
        public void Add(IReadOnlyList<SharedFile> files, Action<IndexAnswer> done) =>
            Ask(new UploadRequest(child.Self.App, child._epoch, files), done);

        public void Remove(IReadOnlyList<string> contentIds, Action<IndexAnswer> done) =>
            Ask(new RemoveRequest(child.Self.App, child._epoch, contentIds), done);

        public void KeepAlive(Action<IndexAnswer> done) => Ask(new HeartbeatRequest(child.Self.App, child._epoch), done);

        public void Lost(IndexAnswer answer) => child.LoseLeader();

        private void Ask(IRequest<ChildReply> request, Action<IndexAnswer> done) =>
            child.Call(child._leader!, request, child._parameters.CallTimeout, reply =>
            {
                child.Remember(reply?.Leaders ?? []);
                done(reply switch
                {
                    null => IndexAnswer.None,
                    { Attached: false } => IndexAnswer.Gone,
                    _ => IndexAnswer.Live,
                });
            });
    }
}
