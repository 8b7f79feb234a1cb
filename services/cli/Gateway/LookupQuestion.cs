namespace P2PCloud.Cli.Gateway;

/// <summary>One lookup to ask for; null leaves the choice to the gateway.</summary>
internal sealed record LookupQuestion(string Query, string Technique, string? From, string? Mode, int? Limit);
