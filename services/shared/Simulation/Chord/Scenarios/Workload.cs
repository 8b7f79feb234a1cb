using P2PCloud.Contracts.Chord;
using P2PCloud.Overlays.Chord;
using P2PCloud.Overlays.Common;
using P2PCloud.Simulation.Scenarios;

namespace P2PCloud.Simulation.Chord;

/// <summary>Steady lookups and operations on keys from random members, each with its deadline.</summary>
internal sealed class Workload(SimulatedRing ring, FindingLog log, IRandom random, ScenarioKind kind)
{
    private const int ActiveKeys = 12;
    private const int OperationsPerKey = 96;
    private const int KeptKeys = 48;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private readonly HashSet<Call> _open = [];
    private readonly string[] _keys = [.. Enumerable.Range(0, ActiveKeys).Select(i => $"key-{i}")];
    private int _nextKey = ActiveKeys;
    private long _lastNumber;

    public KeyHistory History { get; } = new();

    public Tally Lookups { get; } = new();

    public Tally KeyOperations { get; } = new();

    /// <summary>What readers may count on now.</summary>
    public KeyPromise Promise =>
        !log.IsStrict || kind is ScenarioKind.Byzantine ? KeyPromise.None
        : kind is ScenarioKind.Calm ? KeyPromise.All
        : KeyPromise.Quorum;

    /// <summary>Longest time that an operation may take: a lookup, its last try, and the calls to owner and copies.</summary>
    private TimeSpan Deadline => (ring.Parameters.LookupDeadline * 2) + ring.Parameters.LookupTry + (ring.Parameters.CallTimeout * 4);

    /// <summary>One more lookup, and one or a few operations on one key.</summary>
    public void Tick()
    {
        var askers = ring.Peers.Where(IsUsable).ToList();
        if (askers.Count == 0)
        {
            return;
        }

        var asker = askers[random.NextBelow(askers.Count)];
        var word = DrawText();
        var mode = NextMode();
        LookUp(asker, word, mode, result => Judge(asker, word, mode, result, Retry));
        var key = NextKey();
        var together = random.NextBelow(4) == 0 ? 3 : 1;
        foreach (var peer in random.Sample(askers, together))
        {
            Start(peer, Draw(key, peer.Name));
        }
    }

    /// <summary>Reads a key by quorum in quiescence.</summary>
    public void Read(SimulatedPeer asker, string key, Action<KeyOperation> done) =>
        Start(asker, new KeyOperation(++_lastNumber, key, KeyAction.Get, Consistency.Quorum, KeyCondition.None, asker.Name, ring.Timeline.Now), done);

    /// <summary>A word, or the name of a peer, whose key is that peer's id: the end of the interval that it owns.</summary>
    public string DrawText() =>
        random.NextBelow(4) == 0 ? ring.Peers.ElementAt(random.NextBelow(ring.Count)).Name : $"word{random.NextBelow(100_000)}";

    /// <summary>Looks the key of a text up.</summary>
    public void LookUp(SimulatedPeer asker, string text, LookupMode mode, Action<SearchResult> done)
    {
        ICommand<SearchResult> command = text.Contains('#', StringComparison.Ordinal) ? new ProvidersCommand(text) : new SearchCommand(text, 10, mode);
        Ask(asker, $"lookup of {text} ({mode})", command, done);
    }

    /// <summary>Reports operations that are late, and forgets those of askers that are gone.</summary>
    public void CheckDeadlines()
    {
        _open.RemoveWhere(call => !ring.Runs(call.Asker) || call.Asker.IsLeaving);
        foreach (var call in _open.Where(call => ring.Timeline.Now - LastPause(call) > Deadline).ToList())
        {
            _open.Remove(call);
            log.Fail(call.Asker.Name, $"{call.What} begun at {call.Start:c} has not ended within {Deadline:c}");
        }
    }

    /// <summary>Checks the histories of keys that get no operations any more, or of all, as those of registers with compare-and-set.</summary>
    public void CheckLinearizability()
    {
        foreach (var key in kind is ScenarioKind.Calm ? History.Keys : [])
        {
            if (Linearizability.FirstMisfit(History.Of(key).Take(Linearizability.OperationsMax)) is { } misfit)
            {
                log.Fail(misfit.Asker, $"{misfit} makes the history of {key} not linearizable");
            }
        }
    }

    private static TimeSpan LastPause(Call call) => call.Asker.PausedUntil > call.Start ? call.Asker.PausedUntil : call.Start;

    private bool IsUsable(SimulatedPeer peer) => peer.IsMember && !peer.IsLeaving && peer.PausedUntil <= ring.Timeline.Now;

    private LookupMode NextMode() => random.NextBelow(2) == 0 ? LookupMode.Recursive : LookupMode.Iterative;

    /// <summary>Where nothing fails, a lookup that met a node just as it left succeeds at the second try.</summary>
    private void Judge(SimulatedPeer asker, string word, LookupMode mode, SearchResult result, Action<SimulatedPeer, string, LookupMode> failed)
    {
        Lookups.Add(result.Outcome.ToString());
        if (kind is ScenarioKind.Calm && result.Outcome is not SearchOutcome.Complete && IsUsable(asker) && ring.Timeline.Now - asker.MemberSince > Grace)
        {
            failed(asker, word, mode);
        }
    }

    private void Retry(SimulatedPeer asker, string word, LookupMode mode) =>
        LookUp(asker, word, mode, result => Judge(asker, word, mode, result, (_, _, _) =>
            log.Fail(asker.Name, $"a lookup of {word} ({mode}) ended {result.Outcome} twice though nothing fails")));

    private string NextKey()
    {
        var place = random.NextBelow(ActiveKeys);
        if (History.Of(_keys[place]).Count > OperationsPerKey)
        {
            var text = DrawText();
            _keys[place] = History.Of(text).Count > 0 ? $"key-{_nextKey++}" : text;
            if (History.Keys.Count() > KeptKeys && History.Keys.FirstOrDefault(key => !_keys.Contains(key)) is { } oldest)
            {
                CheckLinearizability();
                History.Forget(oldest);
            }
        }

        return _keys[place];
    }

    private KeyOperation Draw(string key, string asker)
    {
        var consistency = random.NextBelow(4) == 0 ? Consistency.One : Consistency.Quorum;
        var chance = random.NextBelow(100);
        var (action, condition) = chance switch
        {
            < 40 => (KeyAction.Get, KeyCondition.None),
            < 65 => (KeyAction.Put, KeyCondition.None),
            < 85 => (KeyAction.Put, new KeyCondition(IfVersion: LastSeen(key))),
            < 92 => (KeyAction.Put, new KeyCondition(IfAbsent: true)),
            _ => (KeyAction.Delete, KeyCondition.None),
        };
        return new KeyOperation(++_lastNumber, key, action, consistency, condition, asker, ring.Timeline.Now);
    }

    private KeyVersion? LastSeen(string key) => History.Of(key).LastOrDefault(operation => operation.Result?.Version is not null)?.Result!.Version;

    private void Start(SimulatedPeer asker, KeyOperation operation, Action<KeyOperation>? done = null)
    {
        History.Begin(operation);
        Action<KeyResult> ended = result =>
        {
            KeyOperations.Add($"{operation.Action} {result.Outcome}");
            foreach (var rule in History.End(operation, ring.Timeline.Now, result, Promise))
            {
                log.Fail(asker.Name, rule);
            }

            done?.Invoke(operation);
        };
        var what = $"{operation.Action} of {operation.Key}";
        switch (operation.Action)
        {
            case KeyAction.Get:
                Ask(asker, what, new GetKeyCommand(operation.Key, operation.Consistency), ended);
                break;
            case KeyAction.Put:
                Ask(asker, what, new PutKeyCommand(operation.Key, operation.Value, null, operation.Condition, operation.Consistency), ended);
                break;
            default:
                Ask(asker, what, new DeleteKeyCommand(operation.Key, operation.Condition, operation.Consistency), ended);
                break;
        }
    }

    private void Ask<TResult>(SimulatedPeer asker, string what, ICommand<TResult> command, Action<TResult> done)
        where TResult : class
    {
        var call = new Call(asker, what, ring.Timeline.Now);
        _open.Add(call);
        ring.Network.Post(asker.Name, command, result =>
        {
            _open.Remove(call);
            if (ring.Timeline.Now - LastPause(call) > Deadline)
            {
                log.Fail(asker.Name, $"{what} begun at {call.Start:c} took {ring.Timeline.Now - call.Start:c}");
            }

            done(result);
        });
    }

    private sealed class Call(SimulatedPeer asker, string what, TimeSpan start)
    {
        public SimulatedPeer Asker { get; } = asker;

        public string What { get; } = what;

        public TimeSpan Start { get; } = start;
    }
}
