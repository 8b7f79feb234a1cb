namespace P2PCloud.Simulation.Figures;

/// <summary>When a computed value agrees with a published one (protocols.md, sections 9 and 10).</summary>
public sealed class Rule
{
    private readonly Func<double, double, PublishedValue, bool> _holds;

    private Rule(string words, Func<double, double, PublishedValue, bool> holds)
    {
        Words = words;
        _holds = holds;
    }

    /// <summary>Within 5 % of the published value, within 3 standard errors, or within the rounding of what is printed.</summary>
    public static Rule Mean { get; } = new(
        "5 % or 3 standard errors",
        (ours, error, published) => Math.Abs(ours - published.Value) <= Math.Max(Slack(error, published), 0.05 * Math.Abs(published.Value)));

    /// <summary>Failures: ours are no more than the published.</summary>
    public static Rule NoMore { get; } = new("no more than published", (ours, _, published) => ours <= published.Value);

    /// <summary>The rule in words, for the page.</summary>
    public string Words { get; }

    /// <summary>Within a distance of the published value.</summary>
    public static Rule Within(double distance) => new(
        FormattableString.Invariant($"within {distance}"),
        (ours, _, published) => Math.Abs(ours - published.Value) <= distance);

    /// <summary>Between two bounds, whatever is published.</summary>
    public static Rule Between(double least, double most) => new(
        FormattableString.Invariant($"{least} to {most}"),
        (ours, _, _) => ours >= least && ours <= most);

    /// <summary>As <see cref="Mean"/>, or above the published value by no more than a distance.</summary>
    public static Rule MeanOrAboveBy(double distance) => new(
        FormattableString.Invariant($"5 % or 3 standard errors, or above by at most {distance}"),
        (ours, error, published) => Mean.Holds(ours, error, published) || (ours >= published.Value && ours <= published.Value + distance));

    /// <summary>Whether the rule holds.</summary>
    /// <param name="ours">The computed value.</param>
    /// <param name="standardError">Of the computed value; 0 when it is not known.</param>
    /// <param name="published">What to compare with.</param>
    public bool Holds(double ours, double standardError, PublishedValue published) => _holds(ours, standardError, published);

    private static double Slack(double error, PublishedValue published) => Math.Max(3 * error, published.Rounding);
}
