using P2PCloud.Overlays.Common;
using P2PCloud.Simulation.Scenarios;

namespace P2PCloud.Simulation.Chord;

/// <summary>Runs a <see cref="Scenario"/> of Chord: the ring forms, then storms of faults and quiet phases follow each other until the time is over.</summary>
internal sealed class ChordScenario
{
    private static readonly TimeSpan JoinTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan OperationGap = TimeSpan.FromSeconds(1);

    private readonly Scenario _scenario;
    private readonly SplitMix64 _random;
    private readonly SimulatedRing _ring;
    private readonly FindingLog _log;
    private readonly RingWatch _watch;
    private readonly Workload _workload;
    private readonly Storm _storm;
    private readonly QuietPhase _quiet;
    private readonly CancellationToken _cancellationToken;
    private bool _works;

    private ChordScenario(Scenario scenario, Action<string>? logging, CancellationToken cancellationToken)
    {
        _scenario = scenario;
        _cancellationToken = cancellationToken;
        _random = new SplitMix64(scenario.Seed);
        var model = Models.Sound(_random);
        _ring = new SimulatedRing(_random.NextBits(), model, Setup.Parameters(scenario, _random), Setup.Lease);
        _ring.Network.Logging = logging;
        _log = new FindingLog(() => _ring.Timeline.Now);
        _watch = new RingWatch(_ring, _log);
        _workload = new Workload(_ring, _log, new SplitMix64(_random.NextBits()), scenario.Kind);
        _storm = new Storm(scenario, _ring, _watch, _workload.History, _log, new SplitMix64(_random.NextBits()));
        _quiet = new QuietPhase(_ring, _watch, _workload, _log, new SplitMix64(_random.NextBits()), scenario.Kind);
    }

    private bool IsOver => _log.Violations.Count > 0 || _cancellationToken.IsCancellationRequested;

    /// <summary>Runs it; the result when it was cancelled counts for nothing.</summary>
    public static ScenarioResult Run(Scenario scenario, Action<string>? logging, CancellationToken cancellationToken)
    {
        var run = new ChordScenario(scenario, logging, cancellationToken);
        run.Run();
        return run.Result();
    }

    private void Run()
    {
        try
        {
            Form();
            var end = TimeSpan.FromHours(_scenario.Hours);
            while (!IsOver && _ring.Timeline.Now < end)
            {
                Phase();
            }
        }
        catch (EngineFailedException failure)
        {
            _log.Fail(null, $"an engine failed: {failure.Message}");
        }
    }

    /// <summary>The first node creates the ring, the others join within a short time, without faults.</summary>
    private void Form()
    {
        var first = _ring.StartNew();
        _ring.Timeline.RunTo(TimeSpan.FromMinutes(1), () => IsOver || first.IsMember);
        for (var i = 1; i < _scenario.Nodes; i++)
        {
            _ring.Timeline.After(JoinTime * _random.NextUnit(), () => _ring.StartNew());
        }

        _ring.Timeline.RunTo(_ring.Timeline.Now + JoinTime, () => IsOver);
        _quiet.BecomeIdeal();
        Work();
    }

    private void Phase()
    {
        _works = true;
        var end = _ring.Timeline.Now + TimeSpan.FromMinutes(1 + (4 * _random.NextUnit()));
        _storm.Begin(end);
        _ring.Timeline.RunTo(end, () => IsOver);
        _storm.Calm();
        if (!IsOver)
        {
            _quiet.BecomeIdeal();
        }

        _works = false;
        if (!IsOver)
        {
            _quiet.Run();
            _workload.CheckDeadlines();
            _workload.CheckLinearizability();
        }
    }

    private void Work() => _ring.Timeline.After(OperationGap * 2 * _random.NextUnit(), () =>
    {
        if (_works)
        {
            _workload.Tick();
            _workload.CheckDeadlines();
        }

        Work();
    });

    private ScenarioResult Result()
    {
        var refused = _ring.RefusedContacts + _ring.Peers.Sum(peer => peer.Engine.Contacts.Refused);
        return new ScenarioResult(
            _scenario,
            _log.Violations,
            _log.Broken,
            _storm.Injected,
            _workload.Lookups.Counts,
            _workload.KeyOperations.Counts,
            refused,
            _ring.Timeline.Now,
            _ring.Network.EventsHandled,
            _ring.Network.EventLogHash);
    }
}
