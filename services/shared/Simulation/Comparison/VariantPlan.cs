using P2PCloud.Contracts;
using P2PCloud.Overlays.Chord;
using P2PCloud.Overlays.Common;
using P2PCloud.Simulation.Figures;
using P2PCloud.Simulation.Searches;

namespace P2PCloud.Simulation.Comparison;

/// <summary>The runs of one row: the overlay as it is, with dead nodes, under churn, and at the sizes of the curves.</summary>
internal sealed class VariantPlan
{
    /// <summary>Lookups times nodes of a run at a size of the curves: floods cost as many messages as there are links.</summary>
    private const int CurveWork = 1 << 16;
    private const int CurveSearchesMin = 12;

    private readonly SortedDictionary<int, LookupReport> _sizes = [];
    private readonly Dictionary<double, LookupReport> _dead = [];
    private readonly Lock _gate = new();
    private LookupReport? _base;
    private LookupReport? _churn;

    public VariantPlan(Variant variant, ComparisonSettings settings, TimeSpan observed, ulong seed, LookupRunner run)
    {
        Variant = variant;
        Settings = settings;
        var experiment = variant.Experiment with
        {
            Nodes = Math.Min(settings.Nodes, variant.NodesMax),
            Files = settings.Files,
            Lookups = settings.Queries,
            Replicas = settings.Replicas,
            Popularity = settings.Popularity,
            Observed = TimeSpan.Zero,
            Seed = seed,
        };
        Experiment = experiment;
        Jobs =
        [
            Job(experiment with { Observed = observed }, run, report => _base = report),
            .. settings.Dead.Select(share => Job(experiment with { Fail = share }, run, report => _dead[share] = report)),
            .. settings.Churn > 0 ? [Job(experiment with { Churn = settings.Churn }, run, report => _churn = report)] : (FigureJob[])[],
            .. variant.HasCurve
                ? settings.Sizes.Where(size => size != experiment.Nodes && size <= variant.CurveMax).Select(size => Job(
                    experiment with { Nodes = size, Lookups = Math.Min(settings.Queries, Math.Max(CurveSearchesMin, CurveWork / size)) },
                    run,
                    report => _sizes[size] = report))
                : [],
        ];
    }

    public Variant Variant { get; }

    public ComparisonSettings Settings { get; }

    /// <summary>At N.</summary>
    public LookupExperiment Experiment { get; }

    public IReadOnlyList<FigureJob> Jobs { get; }

    /// <summary>The overlay as it is, at N.</summary>
    public LookupReport Base => _base ?? throw new InvalidOperationException("The jobs have not run.");

    /// <summary>Under churn; null when there is no such run.</summary>
    public LookupReport? Churn => _churn;

    /// <summary>With a share of the nodes dead.</summary>
    public LookupReport Dead(double share) => _dead[share];

    /// <summary>Reports by size, N among them.</summary>
    public IReadOnlyDictionary<int, LookupReport> Sizes() => new SortedDictionary<int, LookupReport>(_sizes) { [Experiment.Nodes] = Base };

    public TechniqueRow Row() => new(Base.Technique, Base.Mode, Variant.Label, new VariantFigures(this).All());

    private FigureJob Job(LookupExperiment experiment, LookupRunner run, Action<LookupReport> keep) => new(
        Variant.Label,
        WeightOf(experiment),
        (progress, cancellationToken) =>
        {
            var report = run(experiment, progress, cancellationToken);
            lock (_gate)
            {
                keep(report);
            }
        });

    /// <summary>Expected time, roughly, as that of so many messages of a flood: joining, upkeep, the searches.</summary>
    private static double WeightOf(LookupExperiment experiment)
    {
        double nodes = experiment.Nodes;
        var search = (experiment.Technique, experiment.Mode) switch
        {
            (Techniques.Gnutella, LookupMode.RandomWalk) => 1500,
            (Techniques.Gnutella, LookupMode.ExpandingRing) => 5 * nodes,
            (Techniques.Gnutella, _) => 10 * nodes,
            (Techniques.Kazaa, _) => nodes,
            _ => 20.0,
        };
        var table = experiment.Routing is Routing.Full ? nodes * nodes / 40 : 0;
        var join = experiment.Technique is Techniques.Kazaa ? 115 : 50;
        return (nodes * (join + (6 * experiment.Observed.TotalSeconds))) + (experiment.Lookups * search) + table;
    }
}
