namespace P2PCloud.Simulation.Figures;

/// <summary>Values of one quantity, one from each run.</summary>
/// <param name="Mean">Over the runs.</param>
/// <param name="StandardError">Of the mean; null for a single run.</param>
public sealed record Sample(double Mean, double? StandardError)
{
    /// <summary>Of the values of independent runs.</summary>
    /// <param name="values">At least one.</param>
    public static Sample Of(IReadOnlyCollection<double> values)
    {
        ArgumentOutOfRangeException.ThrowIfZero(values.Count);
        var mean = values.Average();
        if (values.Count is 1)
        {
            return new Sample(mean, null);
        }

        var variance = values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1);
        return new Sample(mean, Math.Sqrt(variance / values.Count));
    }
}
