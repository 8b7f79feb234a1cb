using P2PCloud.Contracts;
using P2PCloud.Overlays.Common;
using P2PCloud.Simulation.Gnutella;
using P2PCloud.Simulation.Kazaa;
using P2PCloud.Simulation.Napster;

namespace P2PCloud.Simulation.Scenarios;

/// <summary>Runs a <see cref="Scenario"/> of Napster, Gnutella or KaZaA.</summary>
internal sealed class SearchScenario
{
    private const int RecallSearches = 6;
    private static readonly TimeSpan JoinTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan OperationGap = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    private readonly Scenario _scenario;
    private readonly SplitMix64 _random;
    private readonly SearchCloud _cloud;
    private readonly FindingLog _log;
    private readonly SearchWorkload _workload;
    private readonly SearchStorm _storm;
    private readonly Growth _growth;
    private readonly CancellationToken _cancellationToken;
    private bool _works;

    private SearchScenario(Scenario scenario, Action<string>? logging, CancellationToken cancellationToken)
    {
        _scenario = scenario;
        _cancellationToken = cancellationToken;
        _random = new SplitMix64(scenario.Seed);
        var model = Models.Sound(_random);
        _log = new FindingLog(() => _cloud!.Timeline.Now);
        _cloud = scenario.Technique switch
        {
            Techniques.Napster => new NapsterCloud(_random.NextBits(), model, scenario.Defect),
            Techniques.Gnutella => new GnutellaCloud(_random.NextBits(), model, scenario.Defect, _log.Fail),
            _ => new KazaaCloud(_random.NextBits(), model, scenario, _log.Fail),
        };
        _cloud.Network.Logging = logging;
        _workload = new SearchWorkload(_cloud, _log, new SplitMix64(_random.NextBits()), scenario);
        _storm = new SearchStorm(scenario, _cloud, _workload, _log, new SplitMix64(_random.NextBits()));
        _growth = new Growth(_cloud, scenario.Hours);
    }

    private bool IsOver => _log.Violations.Count > 0 || _cancellationToken.IsCancellationRequested;

    private TimeSpan Now => _cloud.Timeline.Now;

    /// <summary>Runs it; the result when it was cancelled counts for nothing.</summary>
    public static ScenarioResult Run(Scenario scenario, Action<string>? logging, CancellationToken cancellationToken)
    {
        var run = new SearchScenario(scenario, logging, cancellationToken);
        run.Run();
        return new ScenarioResult(
            scenario,
            run._log.Violations,
            run._log.Broken,
            run._storm.Injected,
            run._workload.Searches.Counts,
            new Dictionary<string, int>(),
            0,
            run.Now,
            run._cloud.Network.EventsHandled,
            run._cloud.Network.EventLogHash);
    }

    private void Run()
    {
        try
        {
            Form();
            var end = TimeSpan.FromHours(_scenario.Hours);
            while (!IsOver && Now < end)
            {
                Phase();
            }

            if (!IsOver && _growth.Finding() is { } finding)
            {
                _log.Fail(null, finding);
            }
        }
        catch (EngineFailedException failure)
        {
            _log.Fail(null, $"an engine failed: {failure.Message}");
        }
    }

    private void Form()
    {
        for (var i = 0; i < _cloud.ServersWanted; i++)
        {
            _cloud.Timeline.After(JoinTime * _random.NextUnit(), () => _cloud.StartNew(isServer: true));
        }

        for (var i = 0; i < _scenario.Nodes; i++)
        {
            _cloud.Timeline.After(JoinTime * _random.NextUnit(), _storm.StartPeer);
        }

        _cloud.Timeline.RunTo(Now + JoinTime, () => IsOver);
        Settle();
        Work();
    }

    private void Phase()
    {
        _works = true;
        var end = Now + TimeSpan.FromMinutes(1 + (4 * _random.NextUnit()));
        _storm.Begin(end);
        _cloud.Timeline.RunTo(end, () => IsOver);
        _storm.Calm();
        _works = false;
        if (!IsOver)
        {
            Settle();
        }

        if (!IsOver)
        {
            _workload.CheckRecall(RecallSearches);
            _workload.CheckDeadlines();
            _growth.Measure();
        }
    }

    /// <summary>Lets time pass until nothing is wrong any more; what is wrong at the end of the time is a bug.</summary>
    private void Settle()
    {
        var end = Now + _cloud.SettlesWithin;
        while (!IsOver)
        {
            _workload.CheckDeadlines();
            var misfits = _cloud.Unsettled().ToList();
            if (misfits.Count == 0)
            {
                _log.Restore();
                return;
            }

            if (Now >= end)
            {
                misfits.ForEach(misfit => _log.Fail(misfit.Node, $"{misfit.Rule}, {_cloud.SettlesWithin:c} after the last fault"));
            }

            _cloud.Timeline.RunTo(Now + Step, () => IsOver);
        }
    }

    private void Work() => _cloud.Timeline.After(OperationGap * 2 * _random.NextUnit(), () =>
    {
        if (_works)
        {
            _workload.Tick();
            _workload.CheckDeadlines();
        }

        Work();
    });
}
