namespace P2PCloud.Simulation.Figures;

/// <summary>
/// Published values, and values that follow from what is published by arithmetic. ToN 2003: Stoica, Morris, Liben-Nowell, Karger,
/// Kaashoek, Dabek, Balakrishnan, "Chord: A Scalable Peer-to-Peer Lookup Protocol for Internet Applications", IEEE/ACM Transactions on
/// Networking 11(1), 2003.
/// </summary>
public static class Published
{
    /// <summary>The paper in short.</summary>
    public const string Chord = "Stoica et al., Chord, IEEE/ACM Transactions on Networking 11(1), 2003";

    /// <summary>Figure 8: load with one id a node, 10^4 nodes and 5 * 10^5 keys, as multiples of the mean load.</summary>
    public static class Load
    {
        public const int Nodes = 10_000;
        public const int Keys = 500_000;
        public static readonly PublishedValue P99 = new(4.6, 1);
        public static readonly PublishedValue Maximum = new(9.1, 1);
    }

    /// <summary>Figure 9: load with v virtual nodes a host, 10^4 hosts and 10^6 keys, as multiples of the mean load.</summary>
    public static class VirtualNodes
    {
        public const int Hosts = 10_000;
        public const int Keys = 1_000_000;
        public static readonly IReadOnlyList<int> V = [1, 2, 5, 10, 20];
        public static readonly IReadOnlyDictionary<int, PublishedValue> P1 = new Dictionary<int, PublishedValue> { [1] = new(0, 1), [20] = new(0.5, 1) };
        public static readonly IReadOnlyDictionary<int, PublishedValue> P99 = new Dictionary<int, PublishedValue> { [1] = new(4.8, 1), [20] = new(1.6, 1) };

        /// <summary>A simulation written independently for protocols.md, not published: 1st and 99th percentile by v.</summary>
        public static readonly IReadOnlyDictionary<int, (double P1, double P99)> Independent = new Dictionary<int, (double P1, double P99)>
        {
            [1] = (0.01, 4.63),
            [2] = (0.06, 3.33),
            [5] = (0.24, 2.39),
            [10] = (0.39, 1.93),
            [20] = (0.50, 1.66),
        };
    }

    /// <summary>Figure 10: path length.</summary>
    public static class PathLength
    {
        /// <summary>Figure 10a: networks of 2^3 to 2^14 nodes.</summary>
        public static readonly IReadOnlyList<int> Exponents = [.. Enumerable.Range(3, 12)];

        /// <summary>Figure 10b: 2^12 nodes.</summary>
        public const int DistributionExponent = 12;

        /// <summary>"About 1/2 log2 N".</summary>
        public static double Mean(int exponent) => exponent / 2.0;

        /// <summary>P(path = n) on a full ring of 2^exponent nodes: Binomial(exponent, 1/2), one forward for each 1-bit of the distance.</summary>
        public static double Share(int exponent, int n)
        {
            var share = Math.Pow(0.5, exponent);
            for (var i = 0; i < n; i++)
            {
                share *= (double)(exponent - i) / (i + 1);
            }

            return share;
        }
    }

    /// <summary>Table II: each of 1,000 nodes fails with probability p, r = 20, 10,000 lookups, no repair; no lookup failed.</summary>
    public static class MassFailure
    {
        public const int Nodes = 1000;
        public const int Successors = 20;
        public static readonly IReadOnlyList<double> P = [0, 0.1, 0.2, 0.3, 0.4, 0.5];

        /// <summary>Mean path to the owner: 1/2 log2 N - 1/2 log2 r + 1 without failures.</summary>
        public static readonly IReadOnlyList<PublishedValue> Path = [.. ((double[])[3.84, 4.03, 4.22, 4.44, 4.69, 5.09]).Select(value => new PublishedValue(value, 2))];

        /// <summary>1st and 99th percentile of the path.</summary>
        public static readonly IReadOnlyList<(double P1, double P99)> PathPercentiles = [(2, 5), (2, 6), (2, 6), (2, 6), (2, 7), (3, 8)];

        /// <summary>Mean time-outs of a lookup.</summary>
        public static readonly IReadOnlyList<PublishedValue> Timeouts = [new(0, 1), .. ((double[])[0.60, 1.17, 2.02, 3.23, 5.10]).Select(value => new PublishedValue(value, 2))];

        /// <summary>The paper's own prediction of the time-outs: path * p / (1 - p).</summary>
        public static readonly IReadOnlyList<double> PredictedTimeouts = [0, 0.45, 1.06, 1.90, 3.13, 5.06];
    }

    /// <summary>Table III: about 1,000 nodes, R joins and R leaves per second, stabilization every 15 to 45 s, r = 20, one lookup per second.</summary>
    public static class Churn
    {
        public const int Nodes = 1000;
        public const int Successors = 20;
        public static readonly IReadOnlyList<double> R = [0.05, 0.10, 0.15, 0.20, 0.25, 0.30, 0.35, 0.40];
        public static readonly IReadOnlyList<PublishedValue> Path =
            [.. ((double[])[3.90, 3.83, 3.84, 3.81, 3.83, 3.91, 3.94, 4.06]).Select(value => new PublishedValue(value, 2))];

        public static readonly IReadOnlyList<PublishedValue> Timeouts =
            [.. ((double[])[0.05, 0.11, 0.16, 0.23, 0.30, 0.34, 0.42, 0.46]).Select(value => new PublishedValue(value, 2))];

        /// <summary>Of 10,000 lookups.</summary>
        public static readonly IReadOnlyList<PublishedValue> Failures =
            [.. ((double[])[0, 0, 2, 5, 6, 8, 16, 15]).Select(value => new PublishedValue(value, 0))];
    }

    /// <summary>Fingers of base b, finger(j, i) = successor(n + j b^i). Not in the paper: derived, with an independent simulation at N = 4096.</summary>
    public static class FingerBase
    {
        public const int Nodes = 4096;
        public static readonly IReadOnlyList<int> B = [2, 4, 8, 16, 32];

        /// <summary>Forwards and distinct entries at N = 4096, simulated independently for protocols.md.</summary>
        public static readonly IReadOnlyDictionary<int, (double Forwards, double Entries)> Independent = new Dictionary<int, (double Forwards, double Entries)>
        {
            [2] = (5.84, 12.3),
            [4] = (4.61, 17.8),
            [8] = (3.73, 26.4),
            [16] = (3.13, 40),
            [32] = (2.70, 65),
        };

        /// <summary>((b - 1) / b) log_b N.</summary>
        public static double Forwards(int b, int nodes) => (b - 1) / (double)b * Math.Log(nodes, b);

        /// <summary>(b - 1) log_b N.</summary>
        public static double Entries(int b, int nodes) => (b - 1) * Math.Log(nodes, b);
    }
}
