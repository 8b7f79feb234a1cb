using P2PCloud.Bootstrap;
using P2PCloud.ServiceDefaults;

var builder = WebApplication.CreateSlimBuilder(args);
builder.AddProcessTelemetry("bootstrap");
BootstrapService.Add(builder);
var app = builder.Build();
BootstrapService.Map(app);
await app.RunAsync();
