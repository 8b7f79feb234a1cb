using System.Text.Json.Serialization;
using P2PCloud.Simulation.Chord;
using P2PCloud.Simulation.Comparison;
using P2PCloud.Simulation.Searches;

namespace P2PCloud.Cli.Simulate;

/// <summary>What the figures command wrote.</summary>
/// <param name="Page">Path of the page.</param>
/// <param name="Seed">To repeat it.</param>
/// <param name="Quick">Smaller sizes than the paper's.</param>
/// <param name="Figures">In the order of the page.</param>
internal sealed record FiguresWritten(string Page, ulong Seed, bool Quick, IReadOnlyList<FigureAgreement> Figures);

/// <summary>How many values of a figure agree with the published.</summary>
internal sealed record FigureAgreement(string Name, int Compared, int Agree);

/// <summary>JSON of the simulate commands.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ChordReport))]
[JsonSerializable(typeof(ComparisonReport))]
[JsonSerializable(typeof(FiguresWritten))]
[JsonSerializable(typeof(LookupReport))]
internal sealed partial class SimulateJsonContext : JsonSerializerContext;
