namespace P2PCloud.Sidecar;

/// <summary>What names one app among all of a cluster.</summary>
/// <param name="Id">App id.</param>
/// <param name="Namespace">Kubernetes namespace.</param>
public readonly record struct AppName(string Id, string Namespace);
