using P2PCloud.Simulation.Chord;
using P2PCloud.Simulation.Figures;

namespace P2PCloud.Figures.Tests;

/// <summary>Reports with the values that the theory gives, at once, and remembers what it was asked.</summary>
internal sealed class TextbookSimulator
{
    private readonly Lock _gate = new();
    private readonly List<ChordExperiment> _asked = [];

    public IReadOnlyList<ChordExperiment> Asked => _asked;

    /// <summary>Lookups of 10,000 that fail.</summary>
    public int Failing { get; init; }

    public ChordReport Run(ChordExperiment experiment, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            _asked.Add(experiment);
        }

        progress?.Report(0.5);
        var fingers = Published.FingerBase.Forwards(experiment.Base, experiment.Nodes);
        var forwards = experiment.Successors > 1 ? fingers - (Math.Log2(experiment.Successors.Value) / 2) + 1 : fingers;
        var exponent = (int)Math.Log2(experiment.Nodes);
        return new ChordReport(
            experiment.Nodes,
            experiment.Lookups,
            new Distribution(forwards, 2, forwards, 6),
            new Distribution(forwards + 1, 3, forwards + 1, 7),
            new Mean(forwards * experiment.Fail / (1 - experiment.Fail)),
            Failing * experiment.Lookups / 10_000,
            Messages: 0,
            new Mean(Published.FingerBase.Entries(experiment.Base, experiment.Nodes) + 1),
            new Load(0, 0, 0, 0),
            Events: 0,
            WallSeconds: 0,
            PeakRssMB: 0,
            experiment.Seed,
            EventLogHash: "")
        {
            ForwardsHistogram = [.. Enumerable.Range(0, exponent + 1).Select(n => (int)(Published.PathLength.Share(exponent, n) * 1_000_000))],
        };
    }
}
