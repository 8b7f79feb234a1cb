using P2PCloud.Simulation.Chord;

namespace P2PCloud.Simulation.Searches;

/// <summary>Values of one quantity, one from each lookup.</summary>
public sealed class Samples
{
    private readonly List<double> _values = [];
    private bool _sorted;

    /// <summary>How many.</summary>
    public int Count => _values.Count;

    /// <summary>0 when there is none.</summary>
    public double Mean => _values.Count == 0 ? 0 : _values.Average();

    /// <summary>Of the mean; 0 with less than two values.</summary>
    public double StandardError
    {
        get
        {
            if (_values.Count < 2)
            {
                return 0;
            }

            var mean = Mean;
            var variance = _values.Sum(value => (value - mean) * (value - mean)) / (_values.Count - 1);
            return Math.Sqrt(variance / _values.Count);
        }
    }

    /// <summary>Largest value, 0 when there is none.</summary>
    public double Max => Percentile(1);

    /// <summary>Adds one.</summary>
    public void Add(double value)
    {
        _values.Add(value);
        _sorted = false;
    }

    /// <summary>Mean, 1st percentile, median and 99th percentile.</summary>
    public Distribution Distribution() => new(Mean, Percentile(0.01), Percentile(0.5), Percentile(0.99));

    /// <summary>By nearest rank; 0 when there is no value.</summary>
    /// <param name="share">0 to 1; 1 is the maximum.</param>
    public double Percentile(double share)
    {
        if (_values.Count == 0)
        {
            return 0;
        }

        if (!_sorted)
        {
            _values.Sort();
            _sorted = true;
        }

        return NearestRank.Of(_values, share);
    }
}
