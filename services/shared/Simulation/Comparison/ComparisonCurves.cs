using P2PCloud.Simulation.Figures;
using P2PCloud.Simulation.Searches;

namespace P2PCloud.Simulation.Comparison;

/// <summary>How cost and state grow with N.</summary>
internal static class ComparisonCurves
{
    public static IReadOnlyList<Figure> Of(IReadOnlyList<VariantPlan> plans)
    {
        var drawn = plans.Where(plan => plan.Variant.HasCurve).ToList();
        return
        [
            Curve("curve-messages", "Messages of a search", "messages of a search", drawn, report => report.Laws.Messages),
            Curve("curve-hops", "Hops to the first node that knows a holder", "hops", drawn, report => report.Laws.Hops),
            Curve("curve-entries", "Routing entries of a peer", "routing entries", drawn, report => report.Entries.Value),
            Curve("curve-fullest", "Postings at the fullest node, with as many files at every N", "postings", drawn, report => report.KeysPerNode.Max),
        ];
    }

    private static Figure Curve(
        string name, string title, string label, IReadOnlyList<VariantPlan> plans, Func<LookupReport, LawSamples> quantity) => Curve(
        name,
        title,
        label,
        plans,
        report => quantity(report) is { Measured.Count: > 0 } values
            ? (values.Measured.Mean, values.Measured.StandardError, values.Predicted.Count > 0 ? values.Predicted.Mean : null)
            : null);

    private static Figure Curve(string name, string title, string label, IReadOnlyList<VariantPlan> plans, Func<LookupReport, double> quantity) =>
        Curve(name, title, label, plans, report => (quantity(report), null, null));

    private static Figure Curve(
        string name,
        string title,
        string label,
        IReadOnlyList<VariantPlan> plans,
        Func<LookupReport, (double Measured, double? Error, double? Law)?> quantity) => new(
        name,
        title,
        "protocols.md, section 9",
        "the mean of the searches at each N; dotted: the law for the very same searches.",
        [
            new Panel("", "peers N", label,
            [
                .. plans.Select(plan => new Series(plan.Variant.Label,
                [
                    .. from size in plan.Sizes()
                       let values = quantity(size.Value)
                       where values is not null
                       select new FigureRow(size.Key, Rounded(values.Value.Measured), Rounded(values.Value.Error), null, Rule.Mean, Rounded(values.Value.Law)),
                ])),
            ])
            {
                LogX = true,
                LogY = true,
            },
        ]);

    private static double Rounded(double value) => Math.Round(value, 6);

    private static double? Rounded(double? value) => value is { } number ? Rounded(number) : null;
}
