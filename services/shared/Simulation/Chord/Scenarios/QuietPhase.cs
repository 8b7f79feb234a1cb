using P2PCloud.Contracts;
using P2PCloud.Overlays.Chord;
using P2PCloud.Overlays.Common;
using P2PCloud.Simulation.Scenarios;

namespace P2PCloud.Simulation.Chord;

/// <summary>No fault for a while: the ring becomes ideal, finds every owner, has every copy where it belongs, and then nothing changes.</summary>
internal sealed class QuietPhase(SimulatedRing ring, RingWatch watch, Workload workload, FindingLog log, IRandom random, ScenarioKind kind)
{
    private const int SampledKeys = 8;

    /// <summary>After the last fault. Covers suspicion, r rounds of stabilization at their longest, and, after a partition, BOOT's leases.</summary>
    private static readonly TimeSpan IdealWithin = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan FingersWithin = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan CopiesWithin = TimeSpan.FromMinutes(2);

    /// <summary>BOOT's leases, and some checks of the ring by those that wait for their end.</summary>
    private static readonly TimeSpan LeasesEndWithin = Setup.Lease + TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AnswersWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Still = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    private bool HasFailed => log.Violations.Count > 0;

    private TimeSpan Now => ring.Timeline.Now;

    /// <summary>Waits for the ideal state and checks from there on that the ring keeps its invariants.</summary>
    public void BecomeIdeal()
    {
        // A call that was lost under a fault is only noticed at its time-out.
        ring.Timeline.RunTo(Now + (ring.Parameters.CallTimeout * 3), () => HasFailed);
        Wait(IdealWithin, Differences);
        if (!HasFailed)
        {
            watch.Form();
        }
    }

    /// <summary>All checks.</summary>
    public void Run()
    {
        BecomeIdeal();
        if (HasFailed || kind is ScenarioKind.Byzantine)
        {
            return;
        }

        Wait(LeasesEndWithin, Refusals);
        Wait(CopiesWithin, MisplacedCopies);
        Wait(FingersWithin, WrongFingers);
        LookUp();
        ReadKeys();
        Wait(AnswersWithin, () => []);
        CheckStillness();
    }

    /// <summary>Lets time pass until a check finds nothing; what it finds at the end of the time is a bug.</summary>
    private void Wait(TimeSpan within, Func<IEnumerable<(string? Node, string Rule)>> check)
    {
        var end = Now + within;
        while (!HasFailed && check().Any())
        {
            if (Now >= end)
            {
                foreach (var (node, rule) in check())
                {
                    log.Fail(node, $"{rule}, {within:c} after the last fault");
                }

                return;
            }

            ring.Timeline.RunTo(Now + Step, () => HasFailed);
        }
    }

    private IEnumerable<(string? Node, string Rule)> Differences()
    {
        watch.Refresh();
        var outsider = ring.Peers.FirstOrDefault(peer => !peer.IsMember || peer.IsLeaving);
        return outsider is not null ? [(outsider.Name, "is not a member")] : IdealState.Differences(watch.View);
    }

    private IEnumerable<(string? Node, string Rule)> WrongFingers()
    {
        watch.Refresh();
        return IdealState.WrongFingers(watch.View, ring.Parameters.FingerBase);
    }

    private IEnumerable<(string? Node, string Rule)> Refusals() =>
        ring.Peers.Where(peer => peer.Engine.RefusesQuorum).Select(peer => ((string?)peer.Name, "answers nothing by quorum"));

    private IEnumerable<(string? Node, string Rule)> MisplacedCopies() => IdealState.MisplacedCopies(
        watch.View, ring.Parameters.Replication, ring.Peers.ToDictionary(peer => peer.Id, peer => peer.Engine.Records.ToList()));

    /// <summary>Each lookup finds the first live id at or after its key.</summary>
    private void LookUp()
    {
        var peers = ring.Peers.ToList();
        for (var i = 0; i < SampledKeys; i++)
        {
            var asker = peers[random.NextBelow(peers.Count)];
            var word = workload.DrawText();
            var owner = watch.View.OwnerOf(ring.Space.Hash(word)).Self.Node.Name;
            var mode = i % 2 == 0 ? LookupMode.Recursive : LookupMode.Iterative;
            workload.LookUp(asker, word, mode, result =>
            {
                var found = LastHop(result.Hops) ?? asker.Name;
                if (result.Outcome is not SearchOutcome.Complete || found != owner)
                {
                    log.Fail(asker.Name, $"in quiescence, a lookup of {word} ({mode}) ended {result.Outcome} at {found}; its owner is {owner}");
                }
            });
        }
    }

    private static string? LastHop(IReadOnlyList<Hop> hops)
    {
        string? last = null;
        while (hops.Count > 0)
        {
            last = hops[^1].To;
            hops = hops[^1].Children ?? [];
        }

        return last;
    }

    private void ReadKeys()
    {
        var peers = ring.Peers.ToList();
        foreach (var key in workload.History.Keys.ToList())
        {
            var asker = peers[random.NextBelow(peers.Count)];
            workload.Read(asker, key, read =>
            {
                if (read.Result!.Outcome is KeyOutcome.Unavailable)
                {
                    log.Fail(asker.Name, $"in quiescence, {read} is not answered");
                }
            });
        }
    }

    private void CheckStillness()
    {
        ring.Timeline.RunTo(Now + AnswersWithin, () => HasFailed);
        workload.CheckDeadlines();
        var before = ring.Peers.ToDictionary(peer => peer.Name, peer => peer.Engine.RoutingVersion);
        ring.Timeline.RunTo(Now + Still, () => HasFailed);
        foreach (var peer in HasFailed ? [] : ring.Peers.Where(peer => peer.Engine.RoutingVersion != before[peer.Name]))
        {
            log.Fail(peer.Name, "changes its routing state in the ideal state");
        }
    }
}
