using P2PCloud.ServiceDefaults;
using P2PCloud.Supernode;

var builder = WebApplication.CreateSlimBuilder(args);
builder.AddProcessTelemetry("supernode");
SupernodeService.Add(builder);
var app = builder.Build();
SupernodeService.Map(app);
await app.RunAsync();
