using P2PCloud.Simulation.Searches;

namespace P2PCloud.Simulation.Comparison;

/// <summary>What <c>p2pcloud compare</c> compares the techniques on: the same files, the same queries.</summary>
public sealed record ComparisonSettings
{
    /// <summary>Least N.</summary>
    public const int NodesMin = 16;

    /// <summary>Largest N.</summary>
    public const int NodesMax = 16_384;

    /// <summary>N: peers, 16 to 16,384.</summary>
    public int Nodes { get; init; } = 1024;

    /// <summary>F: different files.</summary>
    public int Files { get; init; } = 1000;

    /// <summary>Q: searches by each technique and mode.</summary>
    public int Queries { get; init; } = 200;

    /// <summary>R: peers that share each file.</summary>
    public int Replicas { get; init; } = 2;

    /// <summary>Which files are asked for.</summary>
    public Popularity Popularity { get; init; } = Popularity.Zipf(0.8);

    /// <summary>Joins per second, and as many leaves, of one more run of each technique; 0: no such run.</summary>
    public double Churn { get; init; }

    /// <summary>Everything random follows from it.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Sizes of the curves; a size that is not N is run with fewer searches.</summary>
    public IReadOnlyList<int> Sizes { get; init; } = SizesTo(NodesMax);

    /// <summary>Shares of the nodes that are dead when the searches begin, a run each.</summary>
    public IReadOnlyList<double> Dead { get; init; } = [0.1, 0.25, 0.5];

    /// <summary>Powers of two from 16 to a largest size.</summary>
    public static IReadOnlyList<int> SizesTo(int largest) =>
        [.. Enumerable.Range(4, 11).Select(exponent => 1 << exponent).Where(size => size <= largest)];

    /// <summary>What is wrong with it, in one line for people; null when nothing is.</summary>
    public string? Check()
    {
        return Nodes is < NodesMin or > NodesMax ? $"--nodes is {NodesMin} to {NodesMax}, not {Nodes}"
            : Files is < 1 or > 100_000 ? $"--files is 1 to 100000, not {Files}"
            : Queries is < 1 or > 100_000 ? $"--queries is 1 to 100000, not {Queries}"
            : Replicas < 1 || Replicas > NodesMin / 2 ? $"--replicas is 1 to {NodesMin / 2}, not {Replicas}"
            : Churn is not (>= 0 and <= 100) ? $"--churn is 0 to 100 joins and as many leaves per second, not {Churn}"
            : null;
    }
}
