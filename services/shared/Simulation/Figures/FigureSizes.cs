namespace P2PCloud.Simulation.Figures;

/// <summary>How much is computed for the figures.</summary>
public sealed record FigureSizes
{
    /// <summary>The sizes of the paper, as far as a few minutes allow.</summary>
    public static FigureSizes Full { get; } = new();

    /// <summary>Smaller and fewer runs, for a check within half a minute.</summary>
    public static FigureSizes Quick { get; } = new()
    {
        IsQuick = true,
        LoadRuns = 3,
        VirtualNodeRuns = 2,
        PathExponents = [3, 4, 5, 6, 7, 8, 9],
        DistributionExponent = 9,
        PathLookups = 1000,
        Runs = 2,
        FailureShares = [0, 0.3, 0.5],
        FailureLookups = 500,
        ChurnRates = [0.05, 0.40],
        ChurnLookups = 500,
        FingerBases = [2, 8, 32],
        FingerNodes = 512,
        FingerLookups = 1000,
    };

    /// <summary>The page says that the sizes are not the paper's.</summary>
    public bool IsQuick { get; init; }

    /// <summary>Independent rings for the load with one id a node.</summary>
    public int LoadRuns { get; init; } = 20;

    /// <summary>Independent rings for the load with virtual nodes.</summary>
    public int VirtualNodeRuns { get; init; } = 5;

    /// <summary>Keys for the load with virtual nodes.</summary>
    public int VirtualNodeKeys { get; init; } = Published.VirtualNodes.Keys;

    /// <summary>Path length is measured for 2^k nodes, for each k.</summary>
    public IReadOnlyList<int> PathExponents { get; init; } = Published.PathLength.Exponents;

    /// <summary>The distribution of the path length is that of 2^k nodes; one of <see cref="PathExponents"/>.</summary>
    public int DistributionExponent { get; init; } = Published.PathLength.DistributionExponent;

    /// <summary>Lookups of one run.</summary>
    public int PathLookups { get; init; } = 10_000;

    /// <summary>Independent runs of every simulated column.</summary>
    public int Runs { get; init; } = 3;

    /// <summary>Columns of the table of mass failure.</summary>
    public IReadOnlyList<double> FailureShares { get; init; } = Published.MassFailure.P;

    /// <summary>Lookups of one run after a mass failure.</summary>
    public int FailureLookups { get; init; } = 10_000;

    /// <summary>Columns of the table of churn: joins and leaves per second.</summary>
    public IReadOnlyList<double> ChurnRates { get; init; } = Published.Churn.R;

    /// <summary>Lookups of one run under churn, one a second.</summary>
    public int ChurnLookups { get; init; } = 2000;

    /// <summary>Bases of the finger table.</summary>
    public IReadOnlyList<int> FingerBases { get; init; } = Published.FingerBase.B;

    /// <summary>Nodes for the bases of the finger table.</summary>
    public int FingerNodes { get; init; } = Published.FingerBase.Nodes;

    /// <summary>Lookups of one run for the bases of the finger table.</summary>
    public int FingerLookups { get; init; } = 10_000;
}
