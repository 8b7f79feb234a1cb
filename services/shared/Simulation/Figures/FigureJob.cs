namespace P2PCloud.Simulation.Figures;

/// <summary>One independent piece of the computing.</summary>
/// <param name="Label">What it is, for a person who waits.</param>
/// <param name="Weight">Expected time, in units that all jobs share.</param>
/// <param name="Run">Does it; told the progress from 0 to 1.</param>
internal sealed record FigureJob(string Label, double Weight, Action<IProgress<double>, CancellationToken> Run);

/// <summary>How far the computing of the figures is.</summary>
/// <param name="Share">0 to 1.</param>
/// <param name="Label">What was worked on last.</param>
public sealed record FigureProgress(double Share, string Label);

/// <summary>A figure that is computed by jobs, and made when they all have ended.</summary>
internal sealed record FigurePlan(IReadOnlyList<FigureJob> Jobs, Func<Figure> Make);
