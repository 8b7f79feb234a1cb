namespace P2PCloud.Cli.Gateway;

/// <summary>A JSON answer of the gateway, read, and as it came: so <c>--output json</c> prints what the gateway said.</summary>
internal sealed record Document<T>(T Value, string Json);
