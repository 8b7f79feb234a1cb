using P2PCloud.Overlays.Common;

namespace P2PCloud.Simulation.Scenarios;

/// <summary>Faults that make nodes suspect each other wrongly. Each lasts for a while, and all end at <see cref="End"/>.</summary>
internal sealed class NetworkFaults(IScenarioCloud cloud, FindingLog log, IRandom random, Tally injected, Func<ScenarioNode?> draw)
{
    /// <summary>Longest pause of a node.</summary>
    public static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(30);

    /// <summary>How far a clock is ahead or behind at most.</summary>
    public static readonly TimeSpan SkewMax = TimeSpan.FromSeconds(10);

    /// <summary>What slow nodes at both ends and reordering add to the delay of a message at most.</summary>
    public static readonly TimeSpan DelayMax = TimeSpan.FromSeconds(6);

    /// <summary>Longest outage of the central node.</summary>
    public static readonly TimeSpan OutageMax = TimeSpan.FromSeconds(240);

    private readonly NetworkModel _sound = cloud.Network.Model;
    private readonly HashSet<ScenarioNode> _paused = [];
    private readonly HashSet<string> _touched = new(StringComparer.Ordinal);
    private readonly List<Action> _undo = [];

    /// <summary>The faults, with their weights.</summary>
    public IEnumerable<(string Name, int Weight, Action Inject)> All() =>
    [
        ("pause", 3, Pause),
        ("clock skew", 2, Skew),
        ("slow node", 2, Slow),
        ("loss", 2, () => Change("loss", model => model with { Loss = 0.2 * random.NextUnit() })),
        ("duplication", 2, () => Change("duplication", model => model with { Duplication = 0.2 * random.NextUnit() })),
        ("reordering", 2, () => Change("reordering", model => model with { Reordering = 0.3 * random.NextUnit(), ReorderingDelay = Seconds(2) })),
        ("one-way partition", 1, () => Cut(both: false)),
        ("two-way partition", 1, () => Cut(both: true)),
        ($"long outage of {cloud.CentralTitle}", 1, StopCentral),
    ];

    /// <summary>All is well again, except that consequences remain.</summary>
    public void End()
    {
        cloud.Network.Model = _sound;
        cloud.Network.Heal();
        foreach (var node in _paused)
        {
            Resume(node);
        }

        _paused.Clear();
        foreach (var name in _touched)
        {
            cloud.Network.SetClockSkew(name, TimeSpan.Zero);
            cloud.Network.SetSlowness(name, TimeSpan.Zero);
        }

        _touched.Clear();
        _undo.ForEach(undo => undo());
        _undo.Clear();
    }

    /// <summary>Does something to a node of those that may be drawn, and undoes it at the end.</summary>
    public void Touch(string cause, Action<string> act, Action<string>? undo = null)
    {
        if (draw() is { } node)
        {
            Begin(cause);
            _touched.Add(node.Name);
            act(node.Name);
            if (undo is not null)
            {
                _undo.Add(() => undo(node.Name));
            }
        }
    }

    private void Begin(string cause)
    {
        log.Assume(cause);
        injected.Add(cause);
    }

    private void Pause()
    {
        if (draw() is { } node && _paused.Add(node))
        {
            Begin("pause");
            node.PausedUntil = TimeSpan.MaxValue;
            cloud.Network.Pause(node.Name);
            cloud.Timeline.After(Seconds(PauseMax.TotalSeconds), () =>
            {
                if (_paused.Remove(node))
                {
                    Resume(node);
                }
            });
        }
    }

    private void Resume(ScenarioNode node)
    {
        if (cloud.Runs(node))
        {
            node.PausedUntil = cloud.Timeline.Now;
            cloud.Network.Resume(node.Name);
        }
    }

    private void Skew() => Touch("clock skew", name => cloud.Network.SetClockSkew(name, Seconds(2 * SkewMax.TotalSeconds) - SkewMax));

    private void Slow() => Touch("slow node", name =>
    {
        cloud.Network.SetSlowness(name, Seconds(2));
        cloud.Timeline.After(Seconds(60), () => cloud.Network.SetSlowness(name, TimeSpan.Zero));
    });

    private void Change(string cause, Func<NetworkModel, NetworkModel> change)
    {
        Begin(cause);
        cloud.Network.Model = change(cloud.Network.Model);
        cloud.Timeline.After(Seconds(60), () => cloud.Network.Model = _sound);
    }

    private void Cut(bool both)
    {
        Begin(both ? "two-way partition" : "one-way partition");
        List<string> names = [.. random.Sample(cloud.Nodes, int.MaxValue).Select(node => node.Name), .. cloud.Others, cloud.Central];
        var cut = 1 + random.NextBelow(names.Count - 1);
        HashSet<string> some = [.. names.Take(cut)];
        HashSet<string> others = [.. names.Skip(cut)];
        if (both)
        {
            cloud.Network.Partition(some, others);
        }
        else
        {
            cloud.Network.Cut(some, others);
        }

        cloud.Timeline.After(Seconds(90), cloud.Network.Heal);
    }

    private void StopCentral()
    {
        Begin($"long outage of {cloud.CentralTitle}");
        cloud.Network.Pause(cloud.Central);
        cloud.Timeline.After(Seconds(OutageMax.TotalSeconds), () => cloud.Network.Resume(cloud.Central));
    }

    private TimeSpan Seconds(double most) => TimeSpan.FromSeconds(most * random.NextUnit());
}
