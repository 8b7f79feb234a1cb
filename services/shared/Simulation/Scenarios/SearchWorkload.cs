using P2PCloud.Contracts;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Simulation.Scenarios;

/// <summary>Steady searches from random peers, each with its deadline, and now and then a file shared or no longer shared.</summary>
internal sealed class SearchWorkload
{
    private const int FilesAtStart = 3;
    private const int FilesMax = 6;
    private const int Limit = 100;

    /// <summary>Longest time that messages take in a sound network (exponential latencies have no bound, but hardly reach this).</summary>
    private static readonly TimeSpan DelayMax = TimeSpan.FromSeconds(1);

    /// <summary>A peer that started so long ago has joined, where nothing fails.</summary>
    private static readonly TimeSpan JoinTime = TimeSpan.FromSeconds(30);

    private readonly SearchCloud _cloud;
    private readonly FindingLog _log;
    private readonly IRandom _random;
    private readonly Scenario _scenario;
    private readonly FileCorpus _corpus;
    private readonly FileLedger _ledger;
    private readonly HashSet<Call> _open = [];

    public SearchWorkload(SearchCloud cloud, FindingLog log, IRandom random, Scenario scenario)
    {
        _cloud = cloud;
        _log = log;
        _random = random;
        _scenario = scenario;
        _corpus = new FileCorpus(random, Math.Max(4, scenario.Nodes));
        _ledger = new FileLedger(() => cloud.Timeline.Now);
    }

    /// <summary>How searches ended.</summary>
    public Tally Searches { get; } = new();

    /// <summary>How long after its end a file may be found. A renewal may wait for the end of an outage of the central node, and count from there.</summary>
    private TimeSpan Grace => _cloud.Staleness + (DelayMax * 2) + (_scenario.Kind is ScenarioKind.Calm ? TimeSpan.Zero : SearchStorm.OutageMax) + (_scenario.Kind is ScenarioKind.Faulty ? FaultGrace : TimeSpan.Zero);

    /// <summary>Faults delay the last message of the peer that died and the answer to the search, and a clock may stand still.</summary>
    private static TimeSpan FaultGrace => ((NetworkFaults.PauseMax + NetworkFaults.DelayMax) * 2) + (NetworkFaults.SkewMax * 2);

    /// <summary>Gives a peer that starts the files that it had, or others.</summary>
    public void Equip(SearchPeer peer, IReadOnlyCollection<SharedFile>? files = null)
    {
        for (var i = 0; files is not { Count: > 0 } && i < FilesAtStart; i++)
        {
            Share(peer, _corpus.Draw());
        }

        foreach (var file in files ?? [])
        {
            Share(peer, file);
        }
    }

    /// <summary>A peer is gone, or begins to leave.</summary>
    public void Ended(SearchPeer peer)
    {
        foreach (var file in peer.Files)
        {
            _ledger.Ended(Posting.Of(file, peer.Name));
        }
    }

    /// <summary>One more search, now and then a change of files.</summary>
    public void Tick()
    {
        var peers = _cloud.Peers.Where(peer => IsUsable(peer)).ToList();
        if (peers.Count == 0)
        {
            return;
        }

        Search(peers[_random.NextBelow(peers.Count)], _corpus.DrawQuery(), Judge);
        var peer = peers[_random.NextBelow(peers.Count)];
        switch (_random.NextBelow(8))
        {
            case 0 when peer.Files.Count < FilesMax:
                Share(peer, _corpus.Draw());
                break;
            case 1 when peer.Files.Count > 0:
                Unshare(peer);
                break;
            default:
                break;
        }
    }

    /// <summary>In a settled overlay, random peers find all that there is.</summary>
    public void CheckRecall(int searches)
    {
        var peers = _cloud.Peers.ToList();
        for (var i = 0; i < searches; i++)
        {
            var asker = peers[_random.NextBelow(peers.Count)];
            _cloud.BeforeJudgement();
            var begun = _cloud.Timeline.Now;
            Search(asker, _corpus.DrawQuery(), (call, result) =>
            {
                if (result.Outcome is not SearchOutcome.Complete)
                {
                    _log.Fail(asker.Name, $"in quiescence, {call.What} ended {result.Outcome}");
                }

                CheckComplete(call, result, "in quiescence, ");
                foreach (var misfit in _cloud.Judge(asker, result))
                {
                    _log.Fail(misfit.Node, $"in quiescence, {call.What}: {misfit.Rule}");
                }
            });
            _cloud.Timeline.RunTo(begun + _cloud.SearchDeadline, () => _open.Count == 0 || _log.Violations.Count > 0);
        }
    }

    /// <summary>Reports searches that are late, and forgets those of askers that are gone.</summary>
    public void CheckDeadlines()
    {
        _open.RemoveWhere(call => !_cloud.Runs(call.Asker));
        foreach (var call in _open.Where(IsLate).ToList())
        {
            _open.Remove(call);
            _log.Fail(call.Asker.Name, $"{call.What} begun at {call.Start:c} has not ended within {_cloud.SearchDeadline:c}");
        }

        _ledger.Forget(Grace * 4);
    }

    private static string Names(IEnumerable<Posting> postings) => string.Join(", ", postings.Select(posting => $"{posting.Name} of {posting.Peer}").Take(5));

    private bool IsLate(Call call) =>
        call.Asker.PausedUntil <= _cloud.Timeline.Now
        && _cloud.Timeline.Now - (call.Asker.PausedUntil > call.Start ? call.Asker.PausedUntil : call.Start) > _cloud.SearchDeadline;

    private bool IsUsable(SearchPeer peer) => !peer.IsLeaving && peer.PausedUntil <= _cloud.Timeline.Now;

    private void Share(SearchPeer peer, SharedFile file)
    {
        if (!peer.Files.Add(file))
        {
            return;
        }

        var posting = Posting.Of(file, peer.Name);
        _ledger.Began(posting);
        _cloud.Network.Post(peer.Name, new ShareCommand([file]), done =>
        {
            if (done.Ok)
            {
                _ledger.Acknowledged(posting);
            }
        });
    }

    private void Unshare(SearchPeer peer)
    {
        var file = peer.Files.ElementAt(_random.NextBelow(peer.Files.Count));
        var posting = Posting.Of(file, peer.Name);
        _cloud.Network.Post(peer.Name, new UnshareCommand([file]), _ =>
        {
            // Shared again meanwhile, by this peer or by one that was started in its place.
            if (_cloud.Runs(peer) && !peer.Files.Contains(file))
            {
                _ledger.Ended(posting);
            }
        });
        peer.Files.Remove(file);
        _ledger.Leaving(posting);
    }

    private void Search(SearchPeer asker, string query, Action<Call, SearchResult> done)
    {
        var call = new Call(asker, query, _cloud.Timeline.Now);
        _open.Add(call);
        _cloud.Network.Post(asker.Name, new SearchCommand(query, Limit), result =>
        {
            if (IsLate(call))
            {
                _log.Fail(asker.Name, $"{call.What} begun at {call.Start:c} took {_cloud.Timeline.Now - call.Start:c}");
            }

            _open.Remove(call);
            Searches.Add(result.Outcome.ToString());
            CheckFresh(call, result);
            done(call, result);
        });
    }

    private void CheckFresh(Call call, SearchResult result)
    {
        var words = SearchTerms.Words(call.Query);
        foreach (var posting in result.Postings)
        {
            if (_ledger.WhyWrong(posting, Grace) is { } reason)
            {
                _log.Fail(call.Asker.Name, $"{call.What} found {posting.Name} of {posting.Peer}, which {reason}");
            }

            if (!SearchTerms.Matches(words, posting.Name))
            {
                _log.Fail(call.Asker.Name, $"{call.What} found {posting.Name}, which does not match");
            }
        }
    }

    private void Judge(Call call, SearchResult result)
    {
        if (_scenario.Kind is not ScenarioKind.Calm || call.Asker.IsLeaving || call.Start - call.Asker.StartedAt < JoinTime)
        {
            return;
        }

        if (result.Outcome is SearchOutcome.Failed)
        {
            _log.Fail(call.Asker.Name, $"{call.What} failed though nothing fails");
        }
        else if (_cloud.IsExactWhenCalm)
        {
            CheckComplete(call, result, "though nothing fails, ");
        }
    }

    private void CheckComplete(Call call, SearchResult result, string when)
    {
        var missing = _ledger.Stable(SearchTerms.Words(call.Query), call.Start).Except(result.Postings).ToList();
        if (missing.Count > 0 && result.Postings.Count < Limit)
        {
            _log.Fail(call.Asker.Name, $"{when}{call.What} did not find {Names(missing)}");
        }
    }

    private sealed class Call(SearchPeer asker, string query, TimeSpan start)
    {
        public SearchPeer Asker { get; } = asker;

        public string Query { get; } = query;

        public TimeSpan Start { get; } = start;

        public string What => $"a search for '{Query}'";
    }
}
