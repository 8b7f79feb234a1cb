using System.Diagnostics;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Kazaa;
using P2PCloud.Overlays.Boot;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Overlays.Kazaa;

/// <summary>
/// An ordinary peer: it has one group leader, which indexes its files and searches for it. When the leader dies, leaves or does not know
/// it, it attaches to another, with a newer epoch. When nobody has room, it asks its own peer to lead (<see cref="KazaaCandidate"/>).
/// </summary>
public sealed class KazaaChild : Engine
{
    private const double RetryJitter = 0.5;

    private readonly KazaaParameters _parameters;
    private readonly BootSession _boot;
    private readonly RefreshList _known;
    private readonly LeaderSearch _search;
    private readonly ChildSearches _searches;
    private readonly RemoteShare _share;
    private NodeRef? _leader;
    private (NodeRef Leader, long Epoch)? _previous;
    private TimeSpan _retry;
    private long _lastEpoch;
    private long _epoch;
    private int _rounds;
    private bool _looking;
    private bool _left;

    /// <summary>A peer without a leader.</summary>
    public KazaaChild(NodeRef self, IRandom random, BootParameters boot, KazaaParameters parameters)
        : base(self, random)
    {
        _parameters = parameters;
        _boot = new BootSession(this, OverlayNames.KazaaLeaders, self, boot);
        _known = new RefreshList(parameters.LeadersMax, parameters.RowAgeMax);
        _search = new LeaderSearch(this, parameters, _known);
        _searches = new ChildSearches(this, parameters, Abandon);
        _share = new RemoteShare(this, new Port(this), parameters.Share);
        _retry = parameters.RetryMin;
        _lastEpoch = boot.Incarnation;
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
                _searches.Begin(commandId, search, _leader, _looking);
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
                Complete(commandId, status, new KazaaChildStatus(Pending(), _leader, _epoch, _known.Count, _share.Count));
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
        if (!_left && _leader is null)
        {
            _looking = true;
            _boot.Sample(_parameters.Contacts, [], leaders =>
            {
                if (_leader is null)
                {
                    Look([.. leaders, .. KnownLeaders()]);
                }
            });
        }
    }

    private void Look(IEnumerable<NodeRef> leaders)
    {
        if (!_left && !_search.IsUnderWay)
        {
            _search.Begin(leaders, _leader, () => ++_lastEpoch, Looked);
        }
    }

    private void Looked(Attachment? attachment)
    {
        if (attachment is not null)
        {
            Attached(attachment);
        }
        else if (_leader is null && !_left)
        {
            _looking = false;
            _searches.Attached(null);
            if (++_rounds >= _parameters.RoundsMax && _parameters.Promotion is not null)
            {
                Call(KazaaNodes.LeaderAt(Self), new StandRequest(), _parameters.CallTimeout, _ => { });
            }

            After(Random.NextAround(_retry, RetryJitter), AskBoot);
            _retry = _retry * 2 < _parameters.RetryMax ? _retry * 2 : _parameters.RetryMax;
        }
    }

    private void Attached(Attachment attachment)
    {
        var (leader, epoch, reply) = attachment;
        if (_left)
        {
            Detach(leader, epoch, () => { });
            return;
        }

        if (_leader is { } old)
        {
            _previous = (old, _epoch);
        }

        _leader = leader;
        _epoch = epoch;
        _looking = false;
        _rounds = 0;
        _retry = _parameters.RetryMin;
        var lease = TimeSpan.FromMilliseconds(reply.LeaseMs);
        var longest = _parameters.HeartbeatMax * 3;
        _share.Opened(lease < longest ? lease : longest);
        _searches.Attached(leader);
        DetachFromPrevious();
        _boot.Remember([leader]);
    }

    /// <summary>Once the new leader has every file, the one before need not have them any longer.</summary>
    private void DetachFromPrevious()
    {
        if (_previous is var (leader, epoch) && _leader is not null && _share.IsComplete)
        {
            _previous = null;
            if (leader != _leader)
            {
                Detach(leader, epoch, () => { });
            }
        }
    }

    private void Detach(NodeRef leader, long epoch, Action done) =>
        Call(leader, new DetachRequest(Self.App, epoch), _parameters.CallTimeout, _ => done());

    private IEnumerable<NodeRef> KnownLeaders() => _known.Sample(_parameters.TriedMax, Now, Random).Select(row => row.Leader);

    /// <summary>Looks for another leader, at a random time: its other children do so too.</summary>
    private void LoseLeader()
    {
        if (_leader is { } lost)
        {
            _leader = null;
            _previous = (lost, _epoch);
            _looking = true;
            _known.Forget(lost);
            After(_parameters.ReattachJitter * Random.NextUnit(), () =>
            {
                if (_leader is null)
                {
                    Look(KnownLeaders());
                }
            });
        }
    }

    private void Leave(Action done)
    {
        var leader = _leader;
        _left = true;
        _leader = null;
        _looking = false;
        _share.Close();
        _searches.Attached(null);
        if (leader is null)
        {
            done();
        }
        else
        {
            Detach(leader, _epoch, done);
        }
    }

    private void Abandon(NodeRef leader)
    {
        if (leader == _leader)
        {
            _share.Close();
            LoseLeader();
        }
        else if (_leader is not null || !_looking)
        {
            _searches.Attached(_leader);
        }
    }

    private void Told(NodeRef leader, ChildReply? reply)
    {
        _known.Learn(reply?.Leaders ?? [], Now);
        if (leader == _leader && reply is { Attached: true, Redirect: true })
        {
            Look(KnownLeaders());
        }

        DetachFromPrevious();
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

        private void Ask(IRequest<ChildReply> request, Action<IndexAnswer> done)
        {
            var leader = child._leader!;
            child.Call(leader, request, child._parameters.CallTimeout, reply =>
            {
                done(reply switch
                {
                    null => IndexAnswer.None,
                    { Attached: false } => IndexAnswer.Gone,
                    _ => IndexAnswer.Live,
                });
                child.Told(leader, reply);
            });
        }
    }
}
