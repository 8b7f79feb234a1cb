using P2PCloud.Overlays.Chord;
using P2PCloud.Overlays.Common;
using P2PCloud.Simulation.Scenarios;

namespace P2PCloud.Simulation.Chord;

/// <summary>Network and parameters of a scenario, drawn from its seed.</summary>
internal static class Setup
{
    /// <summary>
    /// BOOT's lease. A third of it has passed at most since a member renewed it: an outage of that length does not make BOOT forget a member
    /// and take the next node for the first of its ring.
    /// </summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(90);

    /// <summary>
    /// Intervals are several times those of a running cloud, so that an hour costs few messages: nodes that change stabilize each 250 ms,
    /// settled ones each 5 s. In small rings, where all joins are at one place, each 1.5 s. r is 4 to 8, small rings 2 to 4; k = 3, or r if that is less.
    /// </summary>
    public static ChordParameters Parameters(Scenario scenario, IRandom random)
    {
        var r = scenario.Nodes < 20 ? 2 + random.NextBelow(3) : 4 + random.NextBelow(5);
        return new ChordParameters
        {
            SuccessorListLength = r,
            FingerBase = FingerBases[random.NextBelow(FingerBases.Length)],
            Replication = Math.Min(3, r),
            StabilizeMin = TimeSpan.FromMilliseconds(250),
            StabilizeMax = scenario.Nodes < 20 ? TimeSpan.FromSeconds(1.5) : TimeSpan.FromSeconds(5),
            PostingLease = TimeSpan.FromMinutes(5),
            Defects = scenario.Defect switch
            {
                Defect.JoinsWithSuccessorOnly => PlantedDefects.JoinsWithSuccessorOnly,
                Defect.AdoptsUnchecked => PlantedDefects.AdoptsUnchecked,
                Defect.AcceptsDeadPredecessor => PlantedDefects.AcceptsDeadPredecessor,
                Defect.OwnsOpenInterval => PlantedDefects.OwnsOpenInterval,
                Defect.AnswersBeforeHandOver => PlantedDefects.AnswersBeforeHandOver,
                _ => PlantedDefects.None,
            },
        };
    }

    private static readonly int[] FingerBases = [2];
}
