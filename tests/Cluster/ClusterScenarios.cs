namespace P2PCloud.Cluster.Tests;

/// <summary>The classes whose scenarios run on one cluster, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class ClusterScenarios : ICollectionFixture<ClusterFixture>
{
    /// <summary>Of the collection.</summary>
    public const string Name = "cluster";
}
