namespace P2PCloud.Contracts;

/// <summary>Names that producers and the pipeline of telemetry share. <c>observability/README.md</c> has the table of all of them.</summary>
public static class TelemetryNames
{
    /// <summary>Activity source and meter of the overlays.</summary>
    public const string Overlays = "P2PCloud.Overlays";

    /// <summary>Attribute: the technique of a lookup, one of <see cref="Techniques"/>.</summary>
    public const string Technique = "p2p.technique";

    /// <summary>Attribute: the name of a node.</summary>
    public const string Node = "p2p.node";

    /// <summary>Attribute: how something ended.</summary>
    public const string Outcome = "p2p.outcome";

    /// <summary>Attribute: whether copies of keys are their owner's or another's.</summary>
    public const string Copy = "p2p.copy";
}
