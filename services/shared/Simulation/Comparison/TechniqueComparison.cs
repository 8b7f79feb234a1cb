using P2PCloud.Overlays.Common;
using P2PCloud.Simulation.Figures;
using P2PCloud.Simulation.Searches;

namespace P2PCloud.Simulation.Comparison;

/// <summary>Compares the four techniques in the simulator, on the same files and queries, with the laws of protocols.md, section 9.</summary>
public static class TechniqueComparison
{
    private static readonly TimeSpan Observed = TimeSpan.FromSeconds(60);

    /// <summary>Runs all, on as many cores as there are; equal settings give equal reports on any number of them.</summary>
    /// <param name="settings">Checked by <see cref="ComparisonSettings.Check"/>.</param>
    /// <param name="run">Runs one simulation; called from several threads at once.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <exception cref="ArgumentException">What the check says.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static ComparisonReport Run(
        ComparisonSettings settings, LookupRunner run, IProgress<FigureProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(run);
        if (settings.Check() is { } wrong)
        {
            throw new ArgumentException(wrong, nameof(settings));
        }

        var seeds = new SplitMix64(settings.Seed);
        var plans = Variant.All.Select(variant => new VariantPlan(variant, settings, Observed, seeds.NextBits(), run)).ToList();
        FigureJob.RunAll(plans.SelectMany(plan => plan.Jobs), progress, cancellationToken);
        return new ComparisonReport(
            "simulation",
            settings.Nodes,
            settings.Files,
            settings.Queries,
            settings.Replicas,
            settings.Popularity.ToString(),
            settings.Churn,
            settings.Seed,
            [.. plans.Select(plan => plan.Row())])
        {
            Curves = ComparisonCurves.Of(plans),
        };
    }
}
