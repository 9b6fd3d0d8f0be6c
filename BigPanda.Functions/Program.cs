using BigPanda.Functions;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Services.AddBigPanda(builder.Configuration);
var app = builder.Build();
app.Services.CheckConnections();
await app.RunAsync();
