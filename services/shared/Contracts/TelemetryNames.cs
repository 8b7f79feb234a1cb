namespace P2PCloud.Contracts;

/// <summary>Names that producers and the pipeline of telemetry share.</summary>
public static class TelemetryNames
{
    /// <summary>Activity source and meter of the overlays.</summary>
    public const string Overlays = "P2PCloud.Overlays";
}
