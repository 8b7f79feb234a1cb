using P2PCloud.Simulation.Chord;

namespace P2PCloud.Simulation.Tests;

public sealed class ChordChurnTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void A_run_ends_although_peers_left_before_their_lookups_had_ended()
    {
        var experiment = new ChordExperiment { Nodes = 100, Base = 2, Churn = 3, Hours = 0.05 };

        for (ulong seed = 1; seed <= 3; seed++)
        {
            var report = ChordSimulation.Run(experiment with { Seed = seed }, cancellationToken: Token);

            Assert.InRange(report.Lookups, 100, 300);
        }
    }

    [Fact]
    public void Half_of_the_peers_stay_however_many_leave()
    {
        var experiment = new ChordExperiment { Nodes = 20, Base = 2, Churn = 2, Hours = 0.1, Seed = 1 };

        var report = ChordSimulation.Run(experiment, cancellationToken: Token);

        Assert.InRange(report.Lookups, 200, 500);
    }
}
